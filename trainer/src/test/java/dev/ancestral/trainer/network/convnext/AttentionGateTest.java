package dev.ancestral.trainer.network.convnext;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.ancestral.trainer.network.Torch;
import dev.ancestral.trainer.network.layer.Pass;
import dev.ancestral.trainer.network.layer.Scope;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttentionGateTest {
  private static final int SKIP_CHANNELS = 2;
  private static final int CHANNELS = 3;
  private static final int PIXELS = 4;

  private final Map<String, float[]> values = new LinkedHashMap<>();

  @Test
  void everyPixelOfTheSkipIsWeightedByTheFormula() {
    try (NDManager manager = Torch.newManager()) {
      Map<String, Parameter> parameters = new LinkedHashMap<>();
      AttentionGate gate =
          new AttentionGate(
              Scope.root(p -> parameters.put(p.getName(), p), 5), SKIP_CHANNELS, CHANNELS);
      parameters.forEach(
          (name, parameter) -> {
            parameter.initialize(manager, DataType.FLOAT32);
            values.put(name, parameter.getArray().toFloatArray());
          });
      NDArray skip = ramp(manager, SKIP_CHANNELS, 0.9f);
      NDArray x = ramp(manager, CHANNELS, -0.4f);
      Pass pass = new Pass(new ParameterStore(manager, false), Device.cpu(), false);

      float[] gated = gate.apply(pass, skip, x).toFloatArray();

      for (int pixel = 0; pixel < PIXELS; pixel++) {
        double weight = weight(skip.toFloatArray(), x.toFloatArray(), pixel);
        for (int channel = 0; channel < SKIP_CHANNELS; channel++) {
          int at = channel * PIXELS + pixel;
          assertEquals(weight * skip.toFloatArray()[at], gated[at], 1e-6);
        }
      }
    }
  }

  private double weight(float[] skip, float[] x, int pixel) {
    double score = at("in_conv.bias", 0);
    for (int hidden = 0; hidden < CHANNELS; hidden++) {
      double sum = at("gate_conv.bias", hidden) + at("residual_conv.bias", hidden);
      for (int c = 0; c < CHANNELS; c++) {
        sum += at("gate_conv.weight", hidden * CHANNELS + c) * x[c * PIXELS + pixel];
      }
      for (int c = 0; c < SKIP_CHANNELS; c++) {
        sum += at("residual_conv.weight", hidden * SKIP_CHANNELS + c) * skip[c * PIXELS + pixel];
      }
      score += at("in_conv.weight", hidden) * Math.max(0, sum);
    }
    return 1 / (1 + Math.exp(-score));
  }

  private double at(String name, int index) {
    return values.getOrDefault(name, new float[0])[index];
  }

  private static NDArray ramp(NDManager manager, int channels, float slope) {
    float[] numbers = new float[channels * PIXELS];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = slope * (i - 3);
    }
    return manager.create(numbers, new Shape(1, channels, 2, 2));
  }
}
