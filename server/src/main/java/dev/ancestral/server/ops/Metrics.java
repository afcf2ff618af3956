package dev.ancestral.server.ops;

import dev.ancestral.server.engine.BatchInvariance;
import dev.ancestral.server.engine.CostCurve;
import dev.ancestral.server.engine.EngineStatistics;
import dev.ancestral.server.repository.ModelRepository;
import dev.ancestral.server.repository.ServedModel;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;

/**
 * What the server is doing, for Prometheus. Everything is read from the engines when it is asked
 * for, so that serving pays nothing for it. Thread-safe.
 */
final class Metrics implements MultiCollector {
  private final ModelRepository models;
  private final IntSupplier streams;

  /** {@code streams}: how many are under way. */
  Metrics(ModelRepository models, IntSupplier streams) {
    this.models = models;
    this.streams = streams;
  }

  @Override
  public MetricSnapshots collect() {
    return MetricSnapshots.of(
        counter("ancestral_requests", "Requests taken.", EngineStatistics::requests),
        refusals(),
        counter("ancestral_samples", "Samples finished.", EngineStatistics::samples),
        counter("ancestral_calls", "Calls of the network.", EngineStatistics::calls),
        counter(
            "ancestral_call_rows",
            "Rows of all calls: by the calls, the mean batch.",
            EngineStatistics::callRows),
        counter(
            "ancestral_call_seconds",
            "Time in calls of the network.",
            EngineStatistics::callSeconds),
        gauge("ancestral_rows", "Rows that run or wait.", model -> model.engine().rows()),
        gauge(
            "ancestral_queue_capacity",
            "The most rows that may run and wait.",
            model -> model.engine().capacity()),
        gauge(
            "ancestral_batch_invariant",
            "1 if a row's bits were the same in any batch, 0 if not or not compared.",
            model -> model.engine().batchInvariance() == BatchInvariance.VERIFIED ? 1 : 0),
        curve(),
        GaugeSnapshot.builder()
            .name("ancestral_streams")
            .help("Streams under way.")
            .dataPoint(GaugeDataPointSnapshot.builder().value(streams.getAsInt()).build())
            .build());
  }

  private CounterSnapshot counter(
      String name, String help, ToDoubleFunction<EngineStatistics> value) {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
    for (ServedModel model : models.models()) {
      counter.dataPoint(
          point(
              Labels.of("model", model.name()), value.applyAsDouble(model.engine().statistics())));
    }
    return counter.build();
  }

  private CounterSnapshot refusals() {
    CounterSnapshot.Builder counter =
        CounterSnapshot.builder()
            .name("ancestral_refusals")
            .help("Requests refused by the engine.");
    for (ServedModel model : models.models()) {
      EngineStatistics statistics = model.engine().statistics();
      counter.dataPoint(
          point(Labels.of("model", model.name(), "reason", "queue_full"), statistics.queueFull()));
      counter.dataPoint(
          point(Labels.of("model", model.name(), "reason", "deadline"), statistics.deadlines()));
    }
    return counter.build();
  }

  private static CounterDataPointSnapshot point(Labels labels, Number value) {
    return CounterDataPointSnapshot.builder().labels(labels).value(value.doubleValue()).build();
  }

  private GaugeSnapshot gauge(String name, String help, ToDoubleFunction<ServedModel> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    for (ServedModel model : models.models()) {
      gauge.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(Labels.of("model", model.name()))
              .value(value.applyAsDouble(model))
              .build());
    }
    return gauge.build();
  }

  private GaugeSnapshot curve() {
    GaugeSnapshot.Builder gauge =
        GaugeSnapshot.builder()
            .name("ancestral_call_time_seconds")
            .help("What a call takes by its rows, as batches are planned with.");
    for (ServedModel model : models.models()) {
      for (CostCurve.Point point : model.engine().costCurve().measured()) {
        gauge.dataPoint(
            GaugeDataPointSnapshot.builder()
                .labels(Labels.of("model", model.name(), "rows", String.valueOf(point.rows())))
                .value(point.millis() / 1e3)
                .build());
      }
    }
    return gauge.build();
  }
}
