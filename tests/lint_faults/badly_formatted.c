/* clang-format must object to this. */
int   badly_formatted( void ) { return 0 ; }
