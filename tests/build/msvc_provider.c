/* An LSP's DLL for *-windows-msvc, with and without the one function that it must define. On i686
 * the upcall table of 15 pointers is passed by value, so the arguments have 76 bytes. */
struct upcall_table {
  void *entries[15];
};

__declspec(dllimport) int __stdcall WPUQueryBlockingCallback(unsigned long id, void **callback,
                                                             void **context, int *error);
int uses_an_upcall(unsigned long id, void **callback, void **context, int *error);

int uses_an_upcall(unsigned long id, void **callback, void **context, int *error)
{
  return WPUQueryBlockingCallback(id, callback, context, error);
}

#ifdef DEFINES_STARTUP
int __stdcall WSPStartup(unsigned short version, void *data, void *info,
                         struct upcall_table upcalls, void *table);

int __stdcall WSPStartup(unsigned short version, void *data, void *info,
                         struct upcall_table upcalls, void *table)
{
  (void)version, (void)data, (void)info, (void)upcalls, (void)table;
  return 10091;
}
#endif
