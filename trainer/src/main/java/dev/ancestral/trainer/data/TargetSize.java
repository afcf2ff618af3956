package dev.ancestral.trainer.data;

import dev.ancestral.bundle.DataSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The size that all images are brought to.
 *
 * @param size what it is
 * @param origin who decided
 * @param images how many have it by themselves
 * @param distinct how many sizes there are
 */
record TargetSize(FileSize size, Origin origin, int images, int distinct) {
  /** Who decided a size. */
  enum Origin {
    /** The settings. */
    CONFIGURED,
    /** The run that goes on. */
    RECORDED,
    /** The images: the size that most of them have. */
    MOST_FREQUENT
  }

  /**
   * Decides. A recorded size holds where at least one image has it; data in which none does are not
   * the run's, which is for the run to say.
   *
   * @param sizes of all images, at least one; of the sizes equally many have, the first one wins
   */
  static TargetSize choose(
      List<FileSize> sizes, DataOptions options, @Nullable DataDescription recorded) {
    Map<FileSize, Integer> counts = new LinkedHashMap<>();
    sizes.forEach(size -> counts.merge(size, 1, Integer::sum));
    Integer height = options.height();
    Integer width = options.width();
    if (height != null && width != null) {
      return of(new FileSize(height, width), Origin.CONFIGURED, counts);
    }
    FileSize before = recorded == null ? null : sizeOf(recorded.spec());
    if (before != null && counts.containsKey(before)) {
      return of(before, Origin.RECORDED, counts);
    }
    FileSize most = sizes.get(0);
    for (Map.Entry<FileSize, Integer> count : counts.entrySet()) {
      if (count.getValue() > counts.getOrDefault(most, 0)) {
        most = count.getKey();
      }
    }
    return of(most, Origin.MOST_FREQUENT, counts);
  }

  private static @Nullable FileSize sizeOf(DataSpec spec) {
    return spec.shape().size() == 3
        ? new FileSize(Math.toIntExact(spec.shape().get(1)), Math.toIntExact(spec.shape().get(2)))
        : null;
  }

  private static TargetSize of(FileSize size, Origin origin, Map<FileSize, Integer> counts) {
    return new TargetSize(size, origin, counts.getOrDefault(size, 0), counts.size());
  }
}
