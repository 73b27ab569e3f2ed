/* A DLL that is no provider. */
__declspec(dllexport) int not_a_startup(void);

__declspec(dllexport) int not_a_startup(void)
{
  return 0;
}
