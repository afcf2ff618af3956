package dev.ancestral.trainer.data;

import dev.ancestral.trainer.data.image.UnreadableImageException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What came of reading one file: a value, or why there is none.
 *
 * @param value null if the file cannot be read
 * @param failure why not, to be said after its name; empty with a value
 */
record FileResult<T>(@Nullable T value, String failure) {
  static <T> FileResult<T> of(Supplier<T> reading) {
    try {
      return new FileResult<>(reading.get(), "");
    } catch (UnreadableImageException e) {
      return new FileResult<>(null, e.reason());
    }
  }
}
