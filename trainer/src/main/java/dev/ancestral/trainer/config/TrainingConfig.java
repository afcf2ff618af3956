package dev.ancestral.trainer.config;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything that decides a training run: two runs of equal configuration, the number of threads
 * written in it, end with equal weights.
 *
 * @param data where samples come from
 * @param schedule the forward process
 * @param prediction what the network learns to output
 * @param loss what training minimises
 * @param network the architecture
 * @param training the optimizer
 * @param ema the averaged weights
 * @param output what is written while training
 * @param sampling how pictures are drawn from the network, here and by default later
 */
public record TrainingConfig(
    DataConfig data,
    ScheduleConfig schedule,
    PredictionType prediction,
    LossConfig loss,
    NetworkConfig network,
    OptimizerConfig training,
    EmaConfig ema,
    OutputConfig output,
    SamplingConfig sampling) {
  private static final Setting<PredictionType> PREDICTION =
      Setting.named(
              "prediction_type",
              "what the network learns to output",
              PredictionType.labels(),
              PredictionType::of)
          .or(PredictionType.EPSILON)
          .orAs(PredictionType.EPSILON.label());

  /** Every setting, but for those that only one network or one loss has. */
  public static final SettingGroup SETTINGS =
      SettingGroup.of("", PREDICTION)
          .with(
              DataConfig.SETTINGS,
              ScheduleConfig.SETTINGS,
              LossConfig.SETTINGS,
              NetworkConfig.SETTINGS,
              OptimizerConfig.SETTINGS,
              EmaConfig.SETTINGS,
              OutputConfig.SETTINGS,
              SamplingConfig.SETTINGS);

  /** Checks what the parts ask of each other. */
  public TrainingConfig {
    if (schedule.rescaleZeroTerminalSnr()) {
      String why = " with " + ScheduleConfig.RESCALE;
      Check.that(
          prediction.estimatesFromPureNoise(),
          PREDICTION.key(),
          prediction.label(),
          "v_prediction or sample" + why);
      Check.that(
          sampling.spacing() == TimestepSpacing.TRAILING,
          "sampling.spacing",
          sampling.spacing().label(),
          TimestepSpacing.TRAILING.label() + why);
    }
  }

  /**
   * Reads a configuration; what is absent has its default.
   *
   * @throws IllegalArgumentException naming the key, its value and the expectation
   */
  public static TrainingConfig of(Map<String, Object> values) {
    Section root = new Section(SETTINGS, values);
    DataConfig data = DataConfig.of(root.section("data"));
    ScheduleConfig schedule = ScheduleConfig.of(root.section("schedule"));
    TrainingConfig config =
        new TrainingConfig(
            data,
            schedule,
            root.get(PREDICTION),
            LossConfig.of(root.map("loss")),
            NetworkConfig.of(root.map("network")),
            OptimizerConfig.of(root.section("training")),
            EmaConfig.of(root.section("ema")),
            OutputConfig.of(root.section("output")),
            SamplingConfig.of(root.section("sampling"), schedule.timesteps()));
    root.finish();
    return config;
  }

  /** As {@code config.yaml} has it; {@link #of} reads it back to an equal record. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("data", data.toMap());
    map.put("schedule", schedule.toMap());
    map.put(PREDICTION.name(), prediction.label());
    map.put("loss", loss.toMap());
    map.put("network", network.toMap());
    map.put("training", training.toMap());
    map.put("ema", ema.toMap());
    map.put("output", output.toMap());
    map.put("sampling", sampling.toMap());
    return map;
  }

  /** This configuration with its data as the data themselves decided. */
  public TrainingConfig decidedBy(DataSpec spec) {
    return new TrainingConfig(
        data.decidedBy(spec), schedule, prediction, loss, network, training, ema, output, sampling);
  }

  /** This configuration with every setting of its loss and its network spelled out. */
  public TrainingConfig with(LossConfig spelledOutLoss, NetworkConfig spelledOutNetwork) {
    return new TrainingConfig(
        data,
        schedule,
        prediction,
        spelledOutLoss,
        spelledOutNetwork,
        training,
        ema,
        output,
        sampling);
  }

  /** This configuration with the number of threads that was found out. */
  public TrainingConfig withThreads(int threads) {
    return new TrainingConfig(
        data,
        schedule,
        prediction,
        loss,
        network,
        training.withThreads(threads),
        ema,
        output,
        sampling);
  }
}
