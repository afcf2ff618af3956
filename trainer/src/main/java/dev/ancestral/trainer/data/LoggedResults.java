package dev.ancestral.trainer.data;

import dev.ancestral.trainer.data.cache.FileCache;
import dev.ancestral.trainer.data.cache.Mapped;
import dev.ancestral.trainer.data.cache.RecordLog;
import dev.ancestral.trainer.data.folder.ImageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Results in a log, each under its file's path, length and time: those of files that did not change
 * are there already. The heap holds where they are, and those that the log did not take.
 */
final class LoggedResults<T> implements Results<T>, AutoCloseable {
  /** Below this a log is not begun anew, however much of it nobody needs. */
  private static final long LITTLE = 1 << 20;

  private static final long NOT_THERE = 0;

  /** How a value is bytes. */
  interface Form<T> {
    byte[] write(T value);

    T read(ByteBuffer bytes);
  }

  private final List<ImageFile> files;
  private final Form<T> form;
  private final Consumer<String> tell;
  private final long[] offsets;
  private final int[] lengths;
  private final Map<Integer, T> inHeap = new ConcurrentHashMap<>();
  private final RecordLog log;
  private volatile @Nullable Mapped mapped;
  private volatile boolean grown;
  private boolean full;

  private LoggedResults(RecordLog log, List<ImageFile> files, Form<T> form, Consumer<String> tell) {
    this.log = log;
    this.files = files;
    this.form = form;
    this.tell = tell;
    this.offsets = new long[files.size()];
    this.lengths = new int[files.size()];
  }

  /**
   * Finds what a log has.
   *
   * @param tell what is wrong with it
   * @throws IOException if it cannot be read; then it is closed
   */
  static <T> LoggedResults<T> open(
      RecordLog log, List<ImageFile> files, Form<T> form, Consumer<String> tell)
      throws IOException {
    try {
      LoggedResults<T> results = new LoggedResults<>(log, files, form, tell);
      results.scan();
      return results;
    } catch (IOException | RuntimeException | Error e) {
      log.close();
      throw e;
    }
  }

  private void scan() throws IOException {
    Map<String, Integer> numbers = new HashMap<>(2 * files.size());
    for (int i = 0; i < files.size(); i++) {
      // Two names that this locale shows as one: neither is known by it.
      numbers.merge(key(i).name(), i, (first, second) -> -1);
    }
    RecordLog.Scan found =
        log.scan(
            (key, offset, length) -> {
              int number = numbers.getOrDefault(key.name(), -1);
              if (number < 0 || !key.equals(key(number))) {
                return false;
              }
              offsets[number] = offset;
              lengths[number] = length;
              return true;
            });
    if (found.damaged()) {
      tell.accept(log.file() + " is damaged; what is wrong in it is made anew");
    }
    if (found.useless() > Math.max(found.useful(), LITTLE)) {
      Arrays.fill(offsets, NOT_THERE);
      log.anew();
    }
    mapped = log.map();
  }

  /** Where they are. */
  Path file() {
    return log.file();
  }

  /** How they are bytes. */
  Form<T> form() {
    return form;
  }

  /** Whether anything was added. */
  boolean hasGrown() {
    return grown;
  }

  private RecordLog.Key key(int index) {
    ImageFile file = files.get(index);
    return new RecordLog.Key(file.relative().toString(), file.bytes(), file.modified());
  }

  @Override
  public boolean has(int index) {
    return offsets[index] != NOT_THERE || inHeap.containsKey(index);
  }

  @Override
  public void put(int index, T value) {
    try {
      if (!isFull()) {
        byte[] bytes = form.write(value);
        offsets[index] = log.append(key(index), bytes);
        lengths[index] = bytes.length;
        grown = true;
        return;
      }
    } catch (IOException e) {
      giveUp(FileCache.reason(e));
    }
    inHeap.put(index, value);
  }

  private synchronized boolean isFull() {
    return full;
  }

  private synchronized void giveUp(String why) {
    if (!full) {
      full = true;
      tell.accept("no more is kept in %s: %s".formatted(log.file(), why));
    }
  }

  /**
   * For one that was put, after {@link #finish}.
   *
   * @throws IllegalArgumentException if its bytes in the log are not those that were put
   */
  @Override
  public T get(int index) {
    T kept = inHeap.get(index);
    if (kept != null) {
      return kept;
    }
    Mapped all = mapped;
    if (all == null) {
      throw new IllegalStateException("no result " + index);
    }
    return form.read(
        RecordLog.read(all, offsets[index], lengths[index])
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "%s: was damaged while it was used (expected: %s as it was decoded; it may be deleted)"
                            .formatted(log.file(), files.get(index).relative()))));
  }

  /** Nothing is put any more, everything can be got; lets others have the log. */
  void finish() throws IOException {
    mapped = log.map();
    close();
  }

  /** Lets others have the log, if they have not got it yet. */
  @Override
  public void close() throws IOException {
    log.close();
  }
}
