package dev.ancestral.exporter.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.index.dim.NDIndexAll;
import ai.djl.ndarray.index.dim.NDIndexBooleans;
import ai.djl.ndarray.index.dim.NDIndexElement;
import ai.djl.ndarray.index.dim.NDIndexFixed;
import ai.djl.ndarray.index.dim.NDIndexNull;
import ai.djl.ndarray.index.dim.NDIndexPick;
import ai.djl.ndarray.index.dim.NDIndexSlice;
import ai.djl.ndarray.index.dim.NDIndexTake;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An {@link NDIndex} in plain numbers: a slice of each axis, then axes to drop, then axes to add.
 *
 * @param starts of each axis; negative from the end
 * @param stops of each axis, not included; {@link Long#MAX_VALUE} for all
 * @param steps of each axis
 * @param dropped axes of which one position was fixed
 * @param added positions of new axes in the result
 * @param taken the axis along which an array picks; null if none does
 * @param indices what it picks
 */
record Indexing(
    List<Long> starts,
    List<Long> stops,
    List<Long> steps,
    List<Long> dropped,
    List<Long> added,
    @Nullable Integer taken,
    @Nullable NDArray indices) {

  /** The index of an array of this rank; empty if it picks in a way that is not known here. */
  static Optional<Indexing> of(NDIndex index, int rank) {
    List<NDIndexElement> elements = new ArrayList<>(index.getIndices());
    int consumed =
        (int) elements.stream().filter(element -> !(element instanceof NDIndexNull)).count();
    int at = index.getEllipsisIndex() < 0 ? elements.size() : index.getEllipsisIndex();
    for (int i = consumed; i < rank; i++) {
      elements.add(at, new NDIndexAll());
    }
    List<Long> starts = new ArrayList<>();
    List<Long> stops = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    List<Long> dropped = new ArrayList<>();
    List<Long> added = new ArrayList<>();
    Integer taken = null;
    NDArray indices = null;
    long position = 0;
    for (NDIndexElement element : elements) {
      long start = 0;
      long stop = Long.MAX_VALUE;
      long step = 1;
      if (element instanceof NDIndexNull) {
        added.add(position++);
        continue;
      }
      if (element instanceof NDIndexBooleans
          || element instanceof NDIndexPick
          || (element instanceof NDIndexTake && taken != null)) {
        return Optional.empty();
      }
      if (element instanceof NDIndexFixed fixed) {
        start = fixed.getIndex();
        stop = start == -1 ? Long.MAX_VALUE : start + 1;
        dropped.add((long) starts.size());
        position--;
      } else if (element instanceof NDIndexSlice slice) {
        start = slice.getMin() == null ? 0 : slice.getMin();
        stop = slice.getMax() == null ? Long.MAX_VALUE : slice.getMax();
        step = slice.getStep() == null ? 1 : slice.getStep();
      } else if (element instanceof NDIndexTake take) {
        taken = starts.size();
        indices = take.getIndex();
      }
      position++;
      starts.add(start);
      stops.add(stop);
      steps.add(step);
    }
    boolean both = taken != null && !(dropped.isEmpty() && added.isEmpty());
    return both
        ? Optional.empty()
        : Optional.of(new Indexing(starts, stops, steps, dropped, added, taken, indices));
  }
}
