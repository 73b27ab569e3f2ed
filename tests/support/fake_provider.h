/* see fake_provider.c */
