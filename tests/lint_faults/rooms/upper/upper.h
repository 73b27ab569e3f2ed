/* Included by side.c, which may not. */
