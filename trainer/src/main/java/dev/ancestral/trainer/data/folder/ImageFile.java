package dev.ancestral.trainer.data.folder;

import java.nio.file.Path;

/**
 * A file whose name says that it is an image.
 *
 * @param path where it is
 * @param relative its path below the folder
 * @param label index of its class; 0 where there are none
 * @param bytes its length
 * @param modified when it was changed last, in nanoseconds since 1970
 */
public record ImageFile(Path path, Path relative, int label, long bytes, long modified) {
  ImageFile withLabel(int other) {
    return new ImageFile(path, relative, other, bytes, modified);
  }
}
