// Calls what no library of the program has.
extern "C" int holdfast_from_another_release();
extern "C" __attribute__((visibility("default"))) int holdfast_plugin() {
  return holdfast_from_another_release();
}
