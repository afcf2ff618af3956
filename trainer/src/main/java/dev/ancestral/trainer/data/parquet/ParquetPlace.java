package dev.ancestral.trainer.data.parquet;

import dev.ancestral.trainer.data.folder.ImageFile;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * The rows of a set, counted through all its files. They are read a group at a time, and the last
 * two groups stay in the heap, since files are asked for in their order.
 */
final class ParquetPlace implements ImageFile.Place {
  private static final int GROUPS = 2;

  private final Path root;
  private final List<Group> groups;
  private final Map<Integer, byte[][]> read = new LinkedHashMap<>();

  /**
   * A group of rows.
   *
   * @param first number of its first row in the set
   * @param number in its shard
   */
  record Group(ParquetShard shard, int number, long first, long rows) {}

  ParquetPlace(Path root, List<Group> groups) {
    this.root = root;
    this.groups = groups;
  }

  @Override
  public Path root() {
    return root;
  }

  @Override
  public SeekableByteChannel open(ImageFile file) throws IOException {
    int low = 0;
    int high = groups.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (groups.get(middle).first() <= file.position()) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return new SeekableInMemoryByteChannel(
        images(low)[(int) (file.position() - groups.get(low).first())]);
  }

  private synchronized byte[][] images(int index) throws IOException {
    byte[][] images = read.remove(index);
    if (images == null) {
      if (read.size() >= GROUPS) {
        read.remove(read.keySet().iterator().next());
      }
      Group group = groups.get(index);
      images = group.shard().images(group.number());
    }
    read.put(index, images);
    return images;
  }
}
