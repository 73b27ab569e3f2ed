/* What is there already is nobody's, meanwhile. */
