package dev.ancestral.exporter.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphCleanerTest {
  private static Node node(String operator, String output, String... inputs) {
    return new Node(output + "/" + operator, operator, List.of(inputs), List.of(output), Map.of());
  }

  /** Two reshapes to these targets, one after the other. */
  private static Graph reshapes(long[] first, long[] second) {
    return new Graph(
        "two",
        List.of(new Port("x", ElementType.FLOAT, List.of(6L))),
        List.of(new Port("y", ElementType.FLOAT, List.of(6L))),
        Map.of("first", Tensor.ofLongs(first), "second", Tensor.ofLongs(second)),
        List.of(node("Reshape", "middle", "x", "first"), node("Reshape", "y", "middle", "second")));
  }

  private static List<String> inputsOfLast(Graph graph) {
    List<Node> nodes = GraphCleaner.clean(graph).nodes();
    return nodes.get(nodes.size() - 1).inputs();
  }

  @Test
  void aReshapeThatAnotherOneFollowsIsLeftOut() {
    Graph graph = reshapes(new long[] {-1, 2, 3}, new long[] {-1, 6});
    assertEquals(List.of("x", "second"), inputsOfLast(graph));
    assertEquals(1, GraphCleaner.clean(graph).nodes().size());
  }

  @Test
  void soIsOneWhoseCopiedSizesTheOneBeforeCopiedToo() {
    Graph graph = reshapes(new long[] {0, 2, 3}, new long[] {0, 3, 2});
    assertEquals(List.of("x", "second"), inputsOfLast(graph));
  }

  @Test
  void aSizeThatIsCopiedFromWhatTheOneBeforeMadeKeepsBoth() {
    Graph graph = reshapes(new long[] {-1, 2, 3}, new long[] {0, 6});
    assertEquals(List.of("middle", "second"), inputsOfLast(graph));
    assertEquals(2, GraphCleaner.clean(graph).nodes().size());
  }
}
