package dev.ancestral.server.onnx.chain;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.ancestral.server.onnx.adapt.Prefixed;
import java.util.List;
import java.util.Map;

/**
 * Composes the graph of K universal steps around a network. For B rows:
 *
 * <table>
 * <caption>Inputs and outputs</caption>
 * <tr><td>{@value #STATE}</td><td>x, float [B, ...row]</td></tr>
 * <tr><td>{@value #HISTORY}</td><td>what earlier steps left, the newest first, float [H, B, ...row],
 *     H at least 1</td></tr>
 * <tr><td>{@value #STEPS}</td><td>K, int64 []</td></tr>
 * <tr><td>{@value #COEFFICIENTS}</td><td>float [K, {@link Coefficient#COLUMNS}, then
 *     the factors of the H entries, B, 1...]</td></tr>
 * <tr><td>{@value #TIMESTEPS}</td><td>float [K, B]</td></tr>
 * <tr><td>{@value #NOISE}</td><td>z, float [K, B, ...row], or [K, 1, 1...] where no step of any row
 *     is stochastic</td></tr>
 * <tr><td>{@value #LABELS}</td><td>int64 [B], if the network takes labels</td></tr>
 * <tr><td>{@value #LABELLED}, {@value #UNLABELLED}</td><td>int64 [B], if it does</td></tr>
 * <tr><td>{@value #NEXT_STATE}, {@value #NEXT_HISTORY}</td><td>after K steps, as above</td></tr>
 * <tr><td>{@value #LAST_ESTIMATE}</td><td>x0 of the last step, float [B, ...row]</td></tr>
 * </table>
 *
 * Each turn of the loop, with the network's output o, is
 *
 * <pre>
 * m  = o[unlabelled] + w·(o[labelled] - o[unlabelled])
 * x0 = min(max(ax·x + am·m, low), high)
 * x' = bx·x + bm·m + (b1·h1 + ... + bH·hH) + b0·x0 + bz·z
 * h  = hx·x + hm·m + h0·x0
 * </pre>
 *
 * where h is the next turn's h1, and the oldest entry is left out,
 *
 * <p>in the order of {@link dev.ancestral.diffusion.sampler.UniversalStep}, so that the same
 * kernels give the same bits. A guided sample is two rows with the same numbers in everything but
 * the label, each of which names both: so they stay the same sample all the way. A row without
 * guidance names itself twice, and its weight is 1.
 *
 * <p>The network's own graph lies in the loop's body; all of its names get a prefix.
 */
public final class ChainGraph {
  /** x. */
  public static final String STATE = "state";

  /** What earlier steps left. */
  public static final String HISTORY = "history";

  /** K. */
  public static final String STEPS = "steps";

  /** The table of {@link Coefficient#COLUMNS} and of the history's factors. */
  public static final String COEFFICIENTS = "coefficients";

  /** What the network is given. */
  public static final String TIMESTEPS = "timesteps";

  /** z. */
  public static final String NOISE = "noise";

  /** What the network is given. */
  public static final String LABELS = "class_labels";

  /** The row with the label, of the sample that a row belongs to. */
  public static final String LABELLED = "labelled";

  /** The row with the null label. */
  public static final String UNLABELLED = "unlabelled";

  /** x after K steps. */
  public static final String NEXT_STATE = "next_state";

  /** What K steps left. */
  public static final String NEXT_HISTORY = "next_history";

  /** x0 of the last step. */
  public static final String LAST_ESTIMATE = "last_estimate";

  /** In which {@code Loop} got its present form. */
  private static final int OLDEST_OPSET = 11;

  private ChainGraph() {}

  /**
   * What a network's file calls its inputs and its output.
   *
   * @param sample the state
   * @param timestep the timestep
   * @param labels the labels; read only where it takes some
   * @param output the prediction
   */
  public record Names(String sample, String timestep, String labels, String output) {}

  /**
   * The chain around a network.
   *
   * @param network as its file says
   * @param names of its inputs and output
   * @param row shape of one row, [C, H, W] or [features]
   * @param labels whether the network takes labels
   * @param variance whether its output has a variance half, which no step here reads
   * @throws IllegalArgumentException if its operator set is older than {@code Loop}
   */
  public static ModelProto compose(
      ModelProto network, Names names, List<Long> row, boolean labels, boolean variance) {
    long opset = opset(network);
    if (opset < OLDEST_OPSET) {
      throw new IllegalArgumentException(
          "opset: %d (expected: at least %d, for a chain on the device)"
              .formatted(opset, OLDEST_OPSET));
    }
    GraphProto.Builder graph = GraphProto.newBuilder().setName("chain");
    int rank = row.size() + 1;
    graph.addInput(Values.floats(STATE, rank));
    graph.addInput(Values.floats(HISTORY, rank + 1));
    graph.addInput(Values.longs(STEPS, 0));
    graph.addInput(Values.floats(COEFFICIENTS, rank + 2));
    graph.addInput(Values.floats(TIMESTEPS, 2));
    graph.addInput(Values.floats(NOISE, rank + 1));
    if (labels) {
      graph.addInput(Values.longs(LABELS, 1));
      graph.addInput(Values.longs(LABELLED, 1));
      graph.addInput(Values.longs(UNLABELLED, 1));
    }
    graph.addNode(
        NodeProto.newBuilder()
            .setName("chain")
            .setOpType("Loop")
            // No condition: the number of turns alone ends it.
            // The last one is a place for x0, which no turn reads: anything of its shape does.
            .addAllInput(List.of(STEPS, "", STATE, HISTORY, STATE))
            .addAllOutput(List.of(NEXT_STATE, NEXT_HISTORY, LAST_ESTIMATE))
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("body")
                    .setType(AttributeProto.AttributeType.GRAPH)
                    .setG(body(network.getGraph(), opset, names, row, labels, variance))));
    graph.addOutput(Values.floats(NEXT_STATE, rank));
    graph.addOutput(Values.floats(NEXT_HISTORY, rank + 1));
    graph.addOutput(Values.floats(LAST_ESTIMATE, rank));
    return network.toBuilder().setGraph(graph).clearMetadataProps().build();
  }

  private static long opset(ModelProto network) {
    return network.getOpsetImportList().stream()
        .filter(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
        .mapToLong(OperatorSetIdProto::getVersion)
        .findFirst()
        .orElse(0);
  }

  private static GraphProto body(
      GraphProto network,
      long opset,
      Names names,
      List<Long> row,
      boolean labels,
      boolean variance) {
    int rank = row.size() + 1;
    GraphProto.Builder body = GraphProto.newBuilder().setName("step");
    body.addInput(Values.longs("turn", 0));
    body.addInput(Values.flag("going"));
    body.addInput(Values.floats("x", rank));
    body.addInput(Values.floats("h", rank + 1));
    body.addInput(Values.floats("x0_before", rank));
    StepNodes step = new StepNodes(body, opset);
    step.add("Identity", "still_going", "going");
    step.add("Gather", "row", COEFFICIENTS, "turn");
    step.add("Gather", "t", TIMESTEPS, "turn");
    step.add("Gather", "z", NOISE, "turn");
    Prefixed.into(
        body,
        network,
        Map.of(
            names.sample(), "x",
            names.timestep(), "t",
            names.labels(), LABELS,
            names.output(), "o"));
    String output = variance ? step.firstHalf("o", row.get(0)) : "o";
    step.advance(labels ? step.guided(output) : output);
    body.addOutput(Values.flag("still_going"));
    body.addOutput(Values.floats("next_x", rank));
    body.addOutput(Values.floats("next_h", rank + 1));
    body.addOutput(Values.floats("x0", rank));
    return body.build();
  }
}
