/* A backtest through the C interface: c PLAN DATA_DIR [PLUGIN_PATH] */
#include <holdfast.h>

#include <stdio.h>
#include <stdlib.h>

static int fail(void) {
  fprintf(stderr, "%s\n", holdfast_error());
  return EXIT_FAILURE;
}

static char *read_file(const char *path) {
  static char text[65536];
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  return text;
}

int main(int argc, char **argv) {
  const char *yaml = argc < 3 ? NULL : read_file(argv[1]);
  if (yaml == NULL) {
    fprintf(stderr, "usage: c PLAN DATA_DIR [PLUGIN_PATH]\n");
    return EXIT_FAILURE;
  }
  holdfast_options *options = holdfast_options_new();
  holdfast_options_set(options, "runtime", "sim");
  holdfast_options_set(options, "data_dir", argv[2]);
  if (argc > 3) holdfast_options_set(options, "plugin_path", argv[3]);
  holdfast_system *system = holdfast_open(yaml, options);
  holdfast_options_free(options);
  if (system == NULL || holdfast_start(system) != 0) return fail();

  while (holdfast_run_for(system, 100) == 1) continue;

  char *ended = holdfast_stop(system, 10000);
  if (ended == NULL) return fail();
  puts(ended);
  holdfast_free(ended);
  holdfast_close(system);
  return EXIT_SUCCESS;
}
