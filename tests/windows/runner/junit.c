#include "junit.h"

#include "text_file.h"

#include <stdlib.h>
#include <string.h>

enum { JUNIT_MOST_OUTPUT = 64 * 1024 };

/* --- XML -------------------------------------------------------------------------------------- */

/* The number of bytes of the first character, or 0 if it is not valid UTF-8. */
static size_t junit_character(const unsigned char *text, size_t left)
{
  static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
  const size_t bytes = text[0] < 0x80 ? 1 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
  unsigned long code = text[0] & (bytes == 1 ? 0x7f : 0xffu >> (bytes + 1));

  if ((text[0] >= 0x80 && text[0] < 0xc0) || text[0] >= 0xf8 || bytes > left)
    return 0;
  for (size_t i = 1; i < bytes; i++) {
    if ((text[i] & 0xc0) != 0x80)
      return 0;
    code = code << 6 | (text[i] & 0x3f);
  }
  if (code < least[bytes] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ||
      code == 0xfffe || code == 0xffff)
    return 0;
  return bytes;
}

/* XML 1.0 cannot represent the other control characters, not even as references. */
static bool junit_is_allowed(unsigned char byte)
{
  return byte >= 0x20 || byte == '\t' || byte == '\n';
}

static void junit_escape(FILE *file, const char *text, size_t size)
{
  for (size_t i = 0, bytes; i < size; i += bytes) {
    const unsigned char *at = (const unsigned char *)text + i;

    bytes = junit_character(at, size - i);
    if (*at == '&')
      fputs("&amp;", file);
    else if (*at == '<')
      fputs("&lt;", file);
    else if (*at == '>')
      fputs("&gt;", file);
    else if (*at == '"')
      fputs("&quot;", file);
    else if (bytes == 0 || (!junit_is_allowed(*at) && *at != '\r'))
      fputc('?', file);
    else if (*at != '\r')
      fwrite(at, 1, bytes, file);
    if (bytes == 0)
      bytes = 1;
  }
}

static void junit_attribute(FILE *file, const char *name, const char *value)
{
  fprintf(file, " %s=\"", name);
  junit_escape(file, value, strlen(value));
  fputc('"', file);
}

/* --- one test --------------------------------------------------------------------------------- */

static void junit_output(FILE *file, const WCHAR *path)
{
  size_t size;
  char *text = text_file_read(path, JUNIT_MOST_OUTPUT, &size);

  if (text == NULL)
    return;
  fputs("    <system-out>", file);
  junit_escape(file, text, size);
  fputs("</system-out>\n", file);
  free(text);
}

static void junit_case(FILE *file, const struct result *result, const WCHAR *output)
{
  fputs("  <testcase classname=\"ws2spi\"", file);
  junit_attribute(file, "name", result->test->name);
  fprintf(file, " time=\"%.3f\">\n", (double)result->milliseconds / 1000);
  if (result->verdict != PASSED) {
    fprintf(file, "    <%s", result->verdict == FAILED ? "failure" : "skipped");
    junit_attribute(file, "message", result->remark);
    fputs("/>\n", file);
  }
  if (result->verdict != SKIPPED)
    junit_output(file, output);
  fputs("  </testcase>\n", file);
}

/* --- all of it -------------------------------------------------------------------------------- */

static void junit_suite(FILE *file, const struct kit *kit, const struct result *results,
                        size_t count)
{
  size_t of_verdict[] = {[PASSED] = 0, [FAILED] = 0, [SKIPPED] = 0};
  ULONGLONG milliseconds = 0;
  char name[128];

  for (size_t i = 0; i < count; i++) {
    of_verdict[results[i].verdict]++;
    milliseconds += results[i].milliseconds;
  }
  snprintf(name, sizeof name, "ws2spi %s", kit->title);
  fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite", file);
  junit_attribute(file, "name", name);
  fprintf(file, " tests=\"%zu\" failures=\"%zu\" skipped=\"%zu\" time=\"%.3f\">\n", count,
          of_verdict[FAILED], of_verdict[SKIPPED], (double)milliseconds / 1000);
}

bool junit_write(const WCHAR *path, const struct kit *kit, const struct result *results,
                 size_t count, void (*output_of)(const struct kit_test *, WCHAR[MAX_PATH]))
{
  FILE *const file = _wfopen(path, L"wb");
  WCHAR output[MAX_PATH];
  bool written;

  if (file == NULL)
    return false;
  junit_suite(file, kit, results, count);
  for (size_t i = 0; i < count; i++) {
    output_of(results[i].test, output);
    junit_case(file, &results[i], output);
  }
  fputs("</testsuite>\n", file);
  written = ferror(file) == 0;
  return fclose(file) == 0 && written;
}
