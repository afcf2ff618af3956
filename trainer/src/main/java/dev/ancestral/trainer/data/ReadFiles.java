package dev.ancestral.trainer.data;

import dev.ancestral.trainer.data.folder.ImageFile;
import dev.ancestral.trainer.data.image.UnreadableImageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What came of reading many files.
 *
 * @param files those that could be read
 * @param numbers of these among the results
 * @param unreadable the others
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
record ReadFiles(List<ImageFile> files, int[] numbers, Unreadable unreadable) {
  /**
   * Reads those files that have no result yet.
   *
   * @param doing what is done, in a word
   * @param before what could not be read already
   * @throws IOException if this thread is interrupted
   */
  static <T> ReadFiles read(
      String doing,
      List<ImageFile> all,
      Results<T> results,
      int threads,
      Opening opening,
      Function<ImageFile, T> reader,
      Unreadable before)
      throws IOException {
    int[] missing = IntStream.range(0, all.size()).filter(i -> !results.has(i)).toArray();
    Map<Integer, String> failures = new ConcurrentHashMap<>();
    try (DecodingProgress progress = new DecodingProgress(doing, opening.out(), missing.length)) {
      ParallelFiles.forEach(
          missing,
          threads,
          i -> {
            try {
              results.put(i, reader.apply(all.get(i)));
            } catch (UnreadableImageException e) {
              failures.put(i, e.reason());
            }
          },
          progress);
    }
    if (failures.isEmpty()) {
      return new ReadFiles(all, IntStream.range(0, all.size()).toArray(), before);
    }
    List<ImageFile> read = new ArrayList<>(all.size());
    List<Unreadable.Entry> failed = new ArrayList<>(before.entries());
    int[] numbers = new int[all.size() - failures.size()];
    for (int i = 0; i < all.size(); i++) {
      String why = failures.get(i);
      if (why == null) {
        numbers[read.size()] = i;
        read.add(all.get(i));
      } else {
        failed.add(new Unreadable.Entry(all.get(i).relative(), why));
      }
    }
    return new ReadFiles(read, numbers, new Unreadable(failed));
  }

  /** The results of the files that could be read, in their order. */
  <T> List<T> values(Results<T> results) {
    List<T> values = new ArrayList<>(numbers.length);
    for (int number : numbers) {
      values.add(results.get(number));
    }
    return values;
  }
}
