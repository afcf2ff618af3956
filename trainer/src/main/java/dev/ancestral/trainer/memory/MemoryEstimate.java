package dev.ancestral.trainer.memory;

/**
 * What a training will need at its peak, in bytes. Fitted to the resident memory of short trainings
 * of all image networks, from 0.4 to 1 GiB: within a factor of 1.3 of each.
 *
 * @param fixed whatever the batch: the runtimes, the weights with what the optimizer keeps of them
 * @param pass of one forward and backward pass of a batch
 */
record MemoryEstimate(double fixed, double pass) {
  /** The Java runtime with its classes, a small heap, and PyTorch. */
  private static final double RUNTIMES = 320e6;

  /** Weights, averages, two moments, gradients twice, temporaries; and as many for a checkpoint. */
  private static final int COPIES_OF_PARAMETERS = 14;

  /** Gradients of the largest results that are there at once in a backward pass. */
  private static final int LARGEST_GRADIENTS = 4;

  /** Convolutions' own buffers, the loss, and what the allocator cannot use again. */
  private static final double SLACK = 1.15;

  static MemoryEstimate of(Footprint footprint, int batch) {
    double kept = footprint.kept() * Float.BYTES;
    double largest = footprint.largest() * Float.BYTES;
    return new MemoryEstimate(
        RUNTIMES + (double) COPIES_OF_PARAMETERS * Float.BYTES * footprint.parameters(),
        SLACK * batch * (kept + LARGEST_GRADIENTS * largest));
  }

  /** The same with more arrays of all weights. */
  MemoryEstimate withCopies(int copies, long parameters) {
    return new MemoryEstimate(fixed + (double) copies * Float.BYTES * parameters, pass);
  }

  double bytes() {
    return fixed + pass;
  }
}
