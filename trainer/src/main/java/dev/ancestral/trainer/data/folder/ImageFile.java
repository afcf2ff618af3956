package dev.ancestral.trainer.data.folder;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;

/**
 * A file whose name says that it is an image.
 *
 * @param place that it is in
 * @param relative its path there
 * @param position by which an archive finds it; 0 in a directory
 * @param label index of its class; 0 where there are none
 * @param bytes its length
 * @param modified when it was changed last, in nanoseconds since 1970
 */
public record ImageFile(
    Place place, Path relative, long position, int label, long bytes, long modified) {
  /** What holds files: a directory or an archive. For any thread. */
  public interface Place {
    /** What it is called. */
    Path root();

    /** A file's bytes. */
    SeekableByteChannel open(ImageFile file) throws IOException;
  }

  /** Where it is, for people; a file of an archive is not there. */
  public Path path() {
    return place.root().resolve(relative);
  }

  /** Its bytes. */
  public SeekableByteChannel open() throws IOException {
    return place.open(this);
  }

  ImageFile withRelative(Path other) {
    return new ImageFile(place, other, position, label, bytes, modified);
  }

  ImageFile withLabel(int other) {
    return new ImageFile(place, relative, position, other, bytes, modified);
  }
}
