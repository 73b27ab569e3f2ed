/* clang-tidy must object to this. */
int redundant(int number);
int redundant(int number)
{
  return number == number;
}
