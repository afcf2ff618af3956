package dev.ancestral.trainer.config;

/** Bounds of settings, with messages of one form. */
final class Check {
  private Check() {}

  static void that(boolean holds, String key, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("%s: %s (expected: %s)".formatted(key, value, expected));
    }
  }
}
