package dev.ancestral.trainer.memory;

import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkTask;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What one sample costs a network, in numbers of 32 bits.
 *
 * @param kept by a forward pass: the result of every operation, since DJL frees none of them before
 *     the pass ends
 * @param largest result of one operation
 * @param parameters weights of the network
 * @param attentions those among pixels
 */
record Footprint(double kept, double largest, long parameters, List<Attention> attentions) {
  /** The footprint of a network, which may have no arrays yet. */
  static Footprint of(Network network, NetworkTask task) {
    ShapeTrace trace = new ShapeTrace();
    trace.run(network.block(), task);
    long parameters = 0;
    for (var parameter : network.block().getParameters()) {
      parameters += parameter.getValue().getShape().size();
    }
    return new Footprint(trace.kept(), trace.largest(), parameters, trace.attentions());
  }

  /** The one that costs most, if there is any. */
  Optional<Attention> largestAttention() {
    return attentions.stream().max(Comparator.comparingDouble(Attention::numbers));
  }
}
