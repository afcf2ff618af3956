package dev.ancestral.client.output;

import dev.ancestral.client.data.RowFile;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Frame;
import dev.ancestral.v1.Tensor;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/**
 * The states of the first samples on their way from noise, by step. They wait in a file: a thousand
 * states of a sheet of pictures fill a memory.
 */
final class Chain implements Closeable {
  private final RowFile rows;
  private final int first;
  private final int cells;
  private final Encoding encoding;

  /** Where the rows of a step begin, in cells; steps get their place as they come. */
  private final TreeMap<Integer, Integer> steps = new TreeMap<>();

  private Chain(RowFile rows, int first, int cells, Encoding encoding) {
    this.rows = rows;
    this.first = first;
    this.cells = cells;
    this.encoding = encoding;
  }

  /**
   * A chain that keeps the first {@code cells} samples and lets the others go.
   *
   * @param first index of the first sample
   * @param elements numbers of a state
   * @param encoding of the frames, FLOAT32 or UINT8
   */
  static Chain create(Path file, int first, int cells, int elements, Encoding encoding)
      throws IOException {
    int bytes = encoding == Encoding.ENCODING_UINT8 ? elements : elements * Float.BYTES;
    return new Chain(RowFile.create(file, new byte[0], bytes), first, cells, encoding);
  }

  void add(Frame frame) throws IOException {
    int cell = frame.getSampleIndex() - first;
    if (cell >= 0 && cell < cells) {
      int begin = steps.computeIfAbsent(frame.getStep(), step -> steps.size() * cells);
      rows.put(begin + cell, payload(frame.getXt()));
    }
  }

  /** How many states each sample has. */
  int length() {
    return steps.size();
  }

  /**
   * The states of all kept samples, step by step from x_T; each is read when it is asked for.
   *
   * @throws IllegalStateException if one never came
   */
  List<List<ByteBuffer>> frames() {
    steps.forEach(this::requireAll);
    List<Integer> begins = List.copyOf(steps.values());
    return new LazyList<>(
        begins.size(), frame -> new LazyList<>(cells, cell -> rows.get(begins.get(frame) + cell)));
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }

  private void requireAll(int step, int begin) {
    for (int cell = 0; cell < cells; cell++) {
      if (!rows.has(begin + cell)) {
        throw new IllegalStateException(
            "frames of step %d: none of sample %d came (expected: one of each)"
                .formatted(step, first + cell));
      }
    }
  }

  private ByteBuffer payload(Tensor tensor) {
    if (encoding == Encoding.ENCODING_UINT8 ? !tensor.hasUint8() : !tensor.hasFloat32()) {
      throw new IllegalArgumentException(
          "frame: is %s (expected: %s)".formatted(tensor.getDataCase(), encoding));
    }
    return (tensor.hasUint8() ? tensor.getUint8() : tensor.getFloat32()).asReadOnlyByteBuffer();
  }
}
