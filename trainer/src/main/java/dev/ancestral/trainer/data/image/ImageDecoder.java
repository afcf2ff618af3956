package dev.ancestral.trainer.data.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one picture file as a person would see it on a white page: turned by its EXIF orientation,
 * its inks and colour profile converted to sRGB, transparency over white. A picture without any
 * colour keeps its stored gray levels, whatever its profile or gamma says.
 *
 * <p>Thread-safe. Every refusal is an {@link UnreadableImageException} of one line.
 */
public final class ImageDecoder {
  /** How names of files end that are read, in lower case. */
  public static final List<String> ENDINGS =
      Stream.of(ImageFormat.values()).flatMap(format -> format.endings().stream()).toList();

  /** Gives a file's bytes. */
  @FunctionalInterface
  public interface Opener {
    /** Opens it; the caller closes it. */
    SeekableByteChannel open() throws IOException;
  }

  private interface Step<T> {
    T apply(ImageFormat format, ImageInputStream in) throws IOException;
  }

  private ImageDecoder() {}

  /**
   * What the file's header says, without decoding pixels. No limit applies.
   *
   * @throws UnreadableImageException if the file cannot be opened or its header is none
   */
  public static ImageHeader header(Path file) {
    return header(file, () -> Files.newByteChannel(file));
  }

  /**
   * As {@link #header(Path)}.
   *
   * @param name for messages
   */
  public static ImageHeader header(Path name, Opener opener) {
    return read(name, opener, (format, in) -> format.codec().header(in));
  }

  /**
   * The picture's pixels.
   *
   * @throws UnreadableImageException if the file cannot be opened, is damaged, cut or beyond the
   *     limits of the settings
   */
  public static DecodedImage decode(Path file, DecodeSettings settings) {
    return decode(file, () -> Files.newByteChannel(file), settings);
  }

  /**
   * As {@link #decode(Path, DecodeSettings)}.
   *
   * @param name for messages
   */
  public static DecodedImage decode(Path name, Opener opener, DecodeSettings settings) {
    return read(
        name,
        opener,
        (format, in) -> {
          settings.check(format.codec().header(in));
          in.seek(0);
          return format.codec().decode(in, settings);
        });
  }

  private static <T> T read(Path file, Opener opener, Step<T> step) {
    try (FileStream in = new FileStream(opener.open())) {
      return step.apply(ImageFormat.of(in), in);
    } catch (IOException e) {
      throw new UnreadableImageException(file, reason(e), e);
    } catch (RuntimeException e) {
      // Readers of other libraries throw any kind on damaged files.
      throw new UnreadableImageException(file, "is damaged (" + e + ")", e);
    } catch (OutOfMemoryError e) {
      throw new UnreadableImageException(file, "needs more memory than there is", e);
    }
  }

  /** What an error says of the file, behind its name. */
  static String reason(IOException e) {
    if (e instanceof BadImageException) {
      return String.valueOf(e.getMessage());
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof EOFException) {
        return "is cut";
      }
    }
    return "cannot be read (" + e.getMessage() + ")";
  }
}
