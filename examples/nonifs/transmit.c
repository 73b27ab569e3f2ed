/* TransmitFile and TransmitPackets. */
#include "extensions.h"

/* The number of bytes that a TransmitFile sends, which one that is not overlapped does not return.
 * `bytes` 0 means all bytes from the file's position on. */
static DWORD bytes_to_transmit(HANDLE file, DWORD bytes, const TRANSMIT_FILE_BUFFERS *buffers)
{
  const LARGE_INTEGER here = {.QuadPart = 0};
  LARGE_INTEGER size, position;

  if (file != NULL && bytes == 0 && GetFileSizeEx(file, &size) &&
      SetFilePointerEx(file, here, &position, FILE_CURRENT))
    bytes = (DWORD)(size.QuadPart - position.QuadPart);
  return buffers == NULL ? bytes : bytes + buffers->HeadLength + buffers->TailLength;
}

BOOL PASCAL layer_transmit_file(SOCKET s, HANDLE file, DWORD bytes, DWORD bytes_per_send,
                                LPOVERLAPPED overlapped, LPTRANSMIT_FILE_BUFFERS buffers,
                                DWORD flags)
{
  const struct request request = {overlapped, NULL, NULL};
  struct extension_call extension;
  LPFN_TRANSMITFILE transmit_file;
  DWORD expected = 0;
  BOOL succeeded;

  if (!extension_begin(&extension, s, TRANSMIT_FILE, &request, SENDING))
    return FALSE;
  if (extension.operation == NULL)
    expected = bytes_to_transmit(file, bytes, buffers);
  transmit_file = (LPFN_TRANSMITFILE)extension.function;
  succeeded = transmit_file(extension.call.lower, file, bytes, bytes_per_send,
                            extension_overlapped(&extension), buffers, flags);
  if (succeeded)
    count_traffic(extension.call.socket, SENDING, expected);
  /* The byte count of an overlapped call that finished at once is in its OVERLAPPED. */
  return extension_end(
      &extension, succeeded,
      extension.operation == NULL ? 0 : (DWORD)extension_overlapped(&extension)->InternalHigh);
}

BOOL PASCAL layer_transmit_packets(SOCKET s, LPTRANSMIT_PACKETS_ELEMENT packets, DWORD count,
                                   DWORD send_size, LPOVERLAPPED overlapped, DWORD flags)
{
  const struct request request = {overlapped, NULL, NULL};
  struct extension_call extension;
  LPFN_TRANSMITPACKETS transmit_packets;
  DWORD expected = 0;
  BOOL succeeded;

  if (!extension_begin(&extension, s, TRANSMIT_PACKETS, &request, SENDING))
    return FALSE;
  for (DWORD i = 0; extension.operation == NULL && i < count; i++)
    expected += packets[i].cLength;
  transmit_packets = (LPFN_TRANSMITPACKETS)extension.function;
  succeeded = transmit_packets(extension.call.lower, packets, count, send_size,
                               extension_overlapped(&extension), flags);
  if (succeeded)
    count_traffic(extension.call.socket, SENDING, expected);
  return extension_end(
      &extension, succeeded,
      extension.operation == NULL ? 0 : (DWORD)extension_overlapped(&extension)->InternalHigh);
}
