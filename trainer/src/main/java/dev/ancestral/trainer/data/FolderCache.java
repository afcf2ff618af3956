package dev.ancestral.trainer.data;

import dev.ancestral.trainer.data.cache.FileCache;
import dev.ancestral.trainer.data.cache.RecordLog;
import dev.ancestral.trainer.data.folder.ImageFile;
import dev.ancestral.trainer.data.folder.ImageFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and the fitted pixels of a folder's images, so that each is decoded once: a log of
 * sizes, and one of pixels for each way in which files are decoded and fitted. What no log is
 * worthwhile for, or cannot have, is in the heap.
 */
final class FolderCache {
  /** To be raised by whoever changes what decoding or fitting makes of a file, or a log's form. */
  private static final int VERSION = 3;

  /** Pixels whose decoding takes about as long as opening a file. */
  private static final long PIXELS_PER_FILE = 10_000;

  /** About a second of decoding. */
  private static final long WORTHWHILE = 20_000_000;

  /** What a record has beside its pixels, about. */
  private static final long BYTES_PER_RECORD = 150;

  private final @Nullable FileCache files;
  private final long worthwhile;
  private final Set<String> said = new LinkedHashSet<>();
  private final Set<String> used = new HashSet<>();

  /**
   * A cache.
   *
   * @param files where it is kept; null if there is no place for it
   * @param worthwhile pixels below which a folder is decoded in no time
   */
  FolderCache(@Nullable FileCache files, long worthwhile) {
    this.files = files;
    this.worthwhile = worthwhile;
  }

  /** The user's. */
  static FolderCache ofUser() {
    return new FolderCache(
        FileCache.ofUser(System.getenv(), System.getProperty("user.home", "")).orElse(null),
        WORTHWHILE);
  }

  /** Where something large may lie for as long as this process lives. */
  Path scratch() {
    return files == null ? Path.of(System.getProperty("java.io.tmpdir", "")) : files.directory();
  }

  /** What happened, for people. */
  synchronized List<String> said() {
    return List.copyOf(said);
  }

  private synchronized void say(String line) {
    said.add(line);
  }

  /** The sizes of all files, as far as they are known; the others are put by {@link #fill}. */
  Results<FileSize> sizes(ImageFolder folder, PrintStream out) {
    List<ImageFile> all = folder.files();
    return files == null || PIXELS_PER_FILE * all.size() < worthwhile
        ? new HeapResults<>(all.size())
        : open(files, folder, all, "sizes", new SizeForm(), out);
  }

  /**
   * The images, as far as they were decoded before; the others are put by {@link #fill}.
   *
   * @param readable the files whose size is known
   * @param sizes of these
   */
  Results<FittedImage> images(
      ImageFolder folder,
      List<ImageFile> readable,
      List<FileSize> sizes,
      ImageFitter fitter,
      @Nullable Integer bits,
      PrintStream out) {
    long pixels = sizes.stream().mapToLong(FileSize::pixels).sum();
    HeapResults<FittedImage> heap = new HeapResults<>(readable.size());
    if (PIXELS_PER_FILE * readable.size() + pixels < worthwhile) {
      return heap;
    }
    if (files == null) {
      say("nothing is kept: no home directory (expected: one, or a path in XDG_CACHE_HOME)");
      return heap;
    }
    Results<FittedImage> results =
        open(files, folder, readable, fitter + " " + bits, new ImageForm(), out);
    long missing = IntStream.range(0, readable.size()).filter(i -> !results.has(i)).count();
    long bytes = missing * (3L * fitter.height() * fitter.width() + BYTES_PER_RECORD);
    if (bytes > files.free() && results instanceof LoggedResults<FittedImage> logged) {
      release(logged);
      say(
          "nothing is kept in %s: it would be up to %s (expected: at most %s, which are free)"
              .formatted(files.directory(), megabytes(bytes), megabytes(files.free())));
      return heap;
    }
    if (missing < readable.size()) {
      say(
          missing == 0
              ? "decoded before, read from " + place(results)
              : "%d of %d images decoded before, read from %s"
                  .formatted(readable.size() - missing, readable.size(), place(results)));
    }
    return results;
  }

  private <T> Results<T> open(
      FileCache cache,
      ImageFolder folder,
      List<ImageFile> wanted,
      String what,
      LoggedResults.Form<T> form,
      PrintStream out) {
    String key = key(folder, what);
    Optional<RecordLog> log =
        cache.open(
            key,
            () -> out.println("waiting for another process that decodes these images"),
            this::say);
    if (log.isPresent()) {
      used.add(key);
      try {
        return LoggedResults.open(log.get(), wanted, form, this::say);
      } catch (IOException e) {
        say("%s cannot be read (%s)".formatted(log.get().file(), FileCache.reason(e)));
      }
    }
    return new HeapResults<>(wanted.size());
  }

  /** Puts what is missing. */
  @FunctionalInterface
  interface Filling {
    ReadFiles run() throws IOException;
  }

  /**
   * Puts what is missing into results, so that all can be got. Others may have the log afterwards,
   * however it ends.
   */
  ReadFiles fill(Results<?> results, Filling filling) throws IOException {
    if (!(results instanceof LoggedResults<?> logged)) {
      return filling.run();
    }
    try {
      ReadFiles read = filling.run();
      finish(logged);
      return read;
    } finally {
      release(logged);
    }
  }

  private void finish(LoggedResults<?> logged) {
    try {
      logged.finish();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s: cannot be read (%s; expected: decoded images; it may be deleted)"
              .formatted(logged.file(), FileCache.reason(e)),
          e);
    }
    if (logged.hasGrown() && logged.form() instanceof ImageForm) {
      say("kept in %s, %s".formatted(logged.file(), megabytes(logged.file().toFile().length())));
    }
  }

  private void release(LoggedResults<?> logged) {
    try {
      logged.close();
    } catch (IOException e) {
      say("%s: %s".formatted(logged.file(), FileCache.reason(e)));
    }
  }

  /** Makes room: deletes the least recently used logs, but none of those that were opened here. */
  void evict() {
    if (files == null || used.isEmpty()) {
      return;
    }
    try {
      files.evict(used);
    } catch (IOException e) {
      say("%s: %s".formatted(files.directory(), FileCache.reason(e)));
    }
  }

  private static Object place(Results<?> results) {
    return results instanceof LoggedResults<?> logged ? logged.file() : "memory";
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  private static String key(ImageFolder folder, String what) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      Path root = folder.root().toAbsolutePath().normalize();
      String text = VERSION + "\n" + what + "\n" + root + "\n";
      digest.update(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest()).substring(0, 32);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Height and width. */
  private static final class SizeForm implements LoggedResults.Form<FileSize> {
    @Override
    public byte[] write(FileSize size) {
      return ByteBuffer.allocate(2 * Integer.BYTES)
          .putInt(size.height())
          .putInt(size.width())
          .array();
    }

    @Override
    public FileSize read(ByteBuffer bytes) {
      return new FileSize(bytes.getInt(), bytes.getInt());
    }
  }

  /** Channels, height, width, white, smallest, largest, and the pixels. */
  private static final class ImageForm implements LoggedResults.Form<FittedImage> {
    private static final int HEAD = 6 * Integer.BYTES;

    @Override
    public byte[] write(FittedImage image) {
      Planes planes = image.planes();
      return ByteBuffer.allocate(HEAD + planes.pixels().length)
          .putInt(planes.channels())
          .putInt(planes.height())
          .putInt(planes.width())
          .putInt(image.white())
          .putInt(image.smallest())
          .putInt(image.largest())
          .put(planes.pixels())
          .array();
    }

    @Override
    public FittedImage read(ByteBuffer bytes) {
      int channels = bytes.getInt();
      int height = bytes.getInt();
      int width = bytes.getInt();
      int white = bytes.getInt();
      int smallest = bytes.getInt();
      int largest = bytes.getInt();
      byte[] pixels = new byte[bytes.remaining()];
      bytes.get(pixels);
      return new FittedImage(new Planes(channels, height, width, pixels), white, smallest, largest);
    }
  }
}
