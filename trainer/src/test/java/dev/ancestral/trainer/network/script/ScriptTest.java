package dev.ancestral.trainer.network.script;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.trainer.network.Torch;
import dev.ancestral.trainer.network.layer.WholeOperations;
import dev.ancestral.trainer.network.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.SAME_THREAD) // The engine collects gradients once in a process.
class ScriptTest {
  private final NDManager manager = Torch.newManager();

  @AfterEach
  void close() {
    manager.close();
  }

  private NDArray noise(int index, long... shape) {
    Shape sizes = new Shape(shape);
    float[] values = new float[Math.toIntExact(sizes.size())];
    GaussianNoise.fill(values, 9, NoisePurpose.INITIAL, 0, index);
    return manager.create(values, sizes);
  }

  /** What a function answers, then the gradient of the answer's square at each input. */
  private List<float[]> answerAndGradients(UnaryOperator<NDList> function, NDArray... given) {
    NDList inputs = new NDList();
    for (NDArray array : given) {
      NDArray input = array.duplicate();
      input.setRequiresGradient(true);
      inputs.add(input);
    }
    List<float[]> found = new ArrayList<>();
    try (GradientCollector collector = Engine.getEngine(Torch.ENGINE).newGradientCollector()) {
      NDArray answer = function.apply(inputs).singletonOrThrow();
      collector.backward(answer.square().sum());
      found.add(answer.toFloatArray());
    }
    inputs.forEach(input -> found.add(input.getGradient().toFloatArray()));
    return found;
  }

  private UnaryOperator<NDList> script(List<String> parameters, String... lines) {
    return Script.load(manager, parameters, "Tensor", List.of(lines))::call;
  }

  /** A traced function of its inputs alone. */
  private UnaryOperator<NDList> traced(UnaryOperator<NDList> function, NDArray... like) {
    List<Shape> shapes = new ArrayList<>();
    for (NDArray array : like) {
      shapes.add(array.getShape());
    }
    Trace trace = Trace.of((store, inputs) -> function.apply(inputs), shapes);
    Script script =
        Script.load(
            manager,
            ScriptText.parameters(like.length),
            "Tensor",
            ScriptText.body(trace, Map.of()));
    return inputs -> {
      NDList all = new NDList(inputs);
      all.add(manager.zeros(new Shape(0)));
      return script.call(all);
    };
  }

  private static void assertSame(List<float[]> expected, List<float[]> actual, float tolerance) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), actual.get(i), tolerance, "at " + i);
    }
  }

  @Test
  void gradientsFlowThroughAScript_toEachOfItsInputs() {
    List<float[]> found =
        answerAndGradients(
            script(List.of("a", "b"), "return torch.mul(a, torch.add(b, 1))"),
            manager.create(new float[] {2, 3}),
            manager.create(new float[] {4, -1}));
    assertArrayEquals(new float[] {10, 0}, found.get(0));
    // d/da (a·(b + 1))² = 2·a·(b + 1)², d/db = 2·a²·(b + 1)
    assertArrayEquals(new float[] {100, 0}, found.get(1));
    assertArrayEquals(new float[] {40, 0}, found.get(2));
  }

  @Test
  void everyCallGivesTheBitsOfTheFirst() {
    UnaryOperator<NDList> function =
        script(
            List.of("x", "w"),
            "h = torch.silu(torch.group_norm(x, 2, w, w, 1e-05))",
            "return torch.mul(torch.sigmoid(h), torch.add(h, x))");
    NDArray x = noise(0, 4, 8, 5, 5);
    NDArray w = noise(1, 8);
    List<float[]> first = answerAndGradients(function, x, w);
    for (int call = 0; call < 5; call++) {
      assertSame(first, answerAndGradients(function, x, w), 0);
    }
  }

  @Test
  void aScriptThatCannotBeReadIsRefused_withTheLine() {
    EngineException refused =
        assertThrows(
            EngineException.class, () -> script(List.of("x"), "return torch.no_such_thing(x)"));
    assertTrue(String.valueOf(refused.getMessage()).contains("no_such_thing"), refused::toString);
  }

  @Test
  void aCallLeavesNothingButItsAnswer() {
    NDArray x = noise(0, 3);
    UnaryOperator<NDList> function = script(List.of("x"), "return torch.add(x, 1)");
    int before = manager.getManagedArrays().size();
    function.apply(new NDList(x)).close();
    assertEquals(before, manager.getManagedArrays().size());
  }

  @Test
  void siluInOnePieceIsTheProduct() {
    NDArray x = noise(0, 3, 7).mul(4);
    assertSame(
        answerAndGradients(
            in -> new NDList(in.get(0).mul(in.get(0).getNDArrayInternal().sigmoid())), x),
        answerAndGradients(traced(in -> new NDList(whole(in.get(0)).silu()), x), x),
        1e-5f);
  }

  @Test
  void upsamplingInOnePieceRepeatsEachPixel() {
    NDArray x = noise(0, 2, 3, 4, 5);
    assertSame(
        answerAndGradients(in -> new NDList(in.get(0).repeat(2, 2).repeat(3, 2)), x),
        answerAndGradients(traced(in -> new NDList(whole(in.get(0)).upsampleNearest()), x), x),
        1e-5f);
  }

  @Test
  void attentionWithoutItsMatrixIsThatWithIt() {
    NDArray query = noise(0, 2, 3, 9, 4);
    NDArray key = noise(1, 2, 3, 11, 4);
    NDArray value = noise(2, 2, 3, 11, 4);
    UnaryOperator<NDList> matrices =
        in ->
            new NDList(
                in.get(0)
                    .matMul(in.get(1).swapAxes(2, 3))
                    .mul(manager.create(0.5f))
                    .softmax(-1)
                    .matMul(in.get(2)));
    UnaryOperator<NDList> whole =
        in -> new NDList(whole(in.get(0)).attention(in.get(1), in.get(2), 0.5f));
    assertSame(
        answerAndGradients(matrices, query, key, value),
        answerAndGradients(traced(whole, query, key, value), query, key, value),
        1e-5f);
  }

  private static WholeOperations whole(NDArray array) {
    return (WholeOperations) array;
  }
}
