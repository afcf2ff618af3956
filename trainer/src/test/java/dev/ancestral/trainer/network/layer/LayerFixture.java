package dev.ancestral.trainer.network.layer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;

/** Layers without a network: their parameters by name, and a pass to apply them in. */
abstract class LayerFixture {
  final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  final Map<String, Parameter> parameters = new LinkedHashMap<>();
  final Scope root = Scope.root(p -> parameters.put(p.getName(), p), 4);
  final Pass pass = new Pass(new ParameterStore(manager, false), Device.cpu(), false);

  @AfterEach
  void close() {
    manager.close();
  }

  void initialize() {
    parameters.values().forEach(p -> p.initialize(manager, DataType.FLOAT32));
  }

  NDArray array(String name) {
    return Objects.requireNonNull(parameters.get(name), name).getArray();
  }

  float[] values(String name) {
    return array(name).toFloatArray();
  }

  NDArray noise(Shape shape) {
    float[] values = new float[Math.toIntExact(shape.size())];
    GaussianNoise.fill(values, 9, NoisePurpose.INITIAL, 0, 0);
    return manager.create(values, shape);
  }
}
