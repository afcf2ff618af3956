package dev.ancestral.trainer.data;

import dev.ancestral.trainer.data.cache.FileCache;
import dev.ancestral.trainer.data.folder.ImageFile;
import dev.ancestral.trainer.data.folder.ImageFolder;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and the fitted pixels of a folder's images, so that they are decoded once.
 *
 * <p>A key is of the folder's place, of the path, length and time of every file, of how these are
 * decoded and fitted, and of {@link #VERSION}: whatever changes makes another key.
 */
final class FolderCache {
  /** To be raised by whoever changes what decoding or fitting makes of a file. */
  private static final int VERSION = 1;

  /** Pixels whose decoding takes about as long as opening a file. */
  private static final long PIXELS_PER_FILE = 10_000;

  /** About a second of decoding. */
  private static final long WORTHWHILE = 20_000_000;

  private final @Nullable FileCache files;
  private final long worthwhile;
  private final List<String> said = new ArrayList<>();

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

  /** What happened, for people. */
  List<String> said() {
    return said;
  }

  /** The sizes, one for each file. */
  Optional<List<FileResult<FileSize>>> sizes(ImageFolder folder) {
    return files == null
        ? Optional.empty()
        : files.read(
            key(folder, folder.files(), "sizes"),
            in -> readAll(in, FolderCache::readSize),
            said::add);
  }

  /**
   * The images, one for each file.
   *
   * @param readable the files whose size is known
   */
  Optional<List<FileResult<FittedImage>>> images(
      ImageFolder folder, List<ImageFile> readable, ImageFitter fitter, @Nullable Integer bits) {
    if (files == null) {
      return Optional.empty();
    }
    String key = key(folder, readable, fitter + " " + bits);
    Optional<List<FileResult<FittedImage>>> images =
        files.read(key, in -> readAll(in, FolderCache::readImage), said::add);
    images.ifPresent(all -> said.add("decoded before, read from " + files.file(key)));
    return images;
  }

  /** Keeps both, unless they are made in no time. */
  void keep(
      ImageFolder folder,
      List<ImageFile> readable,
      ImageFitter fitter,
      @Nullable Integer bits,
      List<FileResult<FileSize>> sizes,
      List<FileResult<FittedImage>> images) {
    long work = PIXELS_PER_FILE * folder.files().size();
    for (FileResult<FileSize> size : sizes) {
      work += size.value() == null ? 0 : size.value().pixels();
    }
    if (work < worthwhile) {
      return;
    }
    if (files == null) {
      said.add("nothing is kept: no home directory (expected: one, or a path in XDG_CACHE_HOME)");
      return;
    }
    long bytes = 0;
    for (FileResult<FittedImage> image : images) {
      bytes += 100 + (image.value() == null ? 0 : image.value().planes().pixels().length);
    }
    files.write(
        key(folder, folder.files(), "sizes"),
        100L * sizes.size(),
        out -> writeAll(out, sizes, FolderCache::writeSize),
        line -> {});
    files.write(
        key(folder, readable, fitter + " " + bits),
        bytes,
        out -> writeAll(out, images, FolderCache::writeImage),
        said::add);
  }

  private static String key(ImageFolder folder, List<ImageFile> files, String what) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      StringBuilder text = new StringBuilder();
      text.append(VERSION).append('\n').append(what).append('\n');
      text.append(folder.root().toAbsolutePath().normalize()).append('\n');
      for (ImageFile file : files) {
        text.append(file.relative()).append('\0').append(file.bytes());
        text.append('\0').append(file.modified()).append('\n');
      }
      digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest()).substring(0, 32);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads one value. */
  private interface ReadOne<T> {
    T from(DataInputStream in) throws IOException;
  }

  /** Writes one value. */
  private interface WriteOne<T> {
    void to(DataOutputStream out, T value) throws IOException;
  }

  private static <T> List<FileResult<T>> readAll(DataInputStream in, ReadOne<T> reader)
      throws IOException {
    int count = in.readInt();
    List<FileResult<T>> results = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String failure = in.readUTF();
      results.add(new FileResult<>(failure.isEmpty() ? reader.from(in) : null, failure));
    }
    return results;
  }

  private static <T> void writeAll(
      DataOutputStream out, List<FileResult<T>> results, WriteOne<T> writer) throws IOException {
    out.writeInt(results.size());
    for (FileResult<T> result : results) {
      out.writeUTF(result.failure());
      T value = result.value();
      if (value != null) {
        writer.to(out, value);
      }
    }
  }

  private static FileSize readSize(DataInputStream in) throws IOException {
    return new FileSize(in.readInt(), in.readInt());
  }

  private static void writeSize(DataOutputStream out, FileSize size) throws IOException {
    out.writeInt(size.height());
    out.writeInt(size.width());
  }

  private static FittedImage readImage(DataInputStream in) throws IOException {
    int channels = in.readInt();
    int height = in.readInt();
    int width = in.readInt();
    byte[] pixels = new byte[channels * height * width];
    in.readFully(pixels);
    return new FittedImage(
        new Planes(channels, height, width, pixels), in.readInt(), in.readInt(), in.readInt());
  }

  private static void writeImage(DataOutputStream out, FittedImage image) throws IOException {
    out.writeInt(image.planes().channels());
    out.writeInt(image.planes().height());
    out.writeInt(image.planes().width());
    out.write(image.planes().pixels());
    out.writeInt(image.white());
    out.writeInt(image.smallest());
    out.writeInt(image.largest());
  }
}
