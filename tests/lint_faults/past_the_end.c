/* cppcheck must object to this. */
int past_the_end(void);
int past_the_end(void)
{
  int numbers[4] = {0};

  return numbers[4];
}
