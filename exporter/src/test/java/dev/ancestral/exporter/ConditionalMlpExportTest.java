package dev.ancestral.exporter;

import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

class ConditionalMlpExportTest extends NetworkExportContract {
  @Override
  String family() {
    return "conditional_mlp";
  }

  @Override
  Map<String, Object> settings() {
    return Map.of("width", 128, "hidden_layers", 3);
  }

  @Override
  DataSpec data() {
    return new DataSpec(List.of(2L), -2, 2, 0);
  }

  @Override
  @Nullable Conditioning conditioning() {
    return null;
  }

  @Override
  int timesteps() {
    return 100;
  }

  @Override
  String deepWeight() {
    return "hidden.1.lin.weight";
  }
}
