package dev.ancestral.bench.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.bench.report.Comparison;
import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Turns turns = new Turns(Duration.ZERO);
  private final List<String> order = new ArrayList<>();
  private double clock;

  private double note(String name) {
    order.add(name);
    return ++clock;
  }

  @Test
  void everyOtherRoundIsInTheOppositeOrder_andTheFirstIsNotCounted() throws Exception {
    turns.enter("a", () -> note("a"));
    turns.enter("b", () -> note("b"));
    Rounds rounds = turns.run("a scenario", Quantity.MILLISECONDS, 2);
    assertEquals(List.of("a", "b", "b", "a", "a", "b"), order);
    assertEquals(List.of(4.5, 4.5), List.of(rounds.median("a"), rounds.median("b")));
  }

  @Test
  void whatBecomesSlowerAllTheTimeIsAsGoodAsItself() throws Exception {
    turns.enter("a", () -> note("a"));
    turns.enter("b", () -> note("b"));
    Rounds rounds = turns.run("a scenario", Quantity.STEPS_PER_SECOND, 24);
    Comparison comparison = Objects.requireNonNull(rounds.finding("a", "b", "").against());
    assertEquals(1, comparison.times(), 0.01);
    assertEquals(24, comparison.rounds());
  }

  @Test
  void aTurnMayMeasureSeveralContestants() throws Exception {
    turns.enter(() -> Map.of("a", 2.0, "b", 1.0));
    Rounds rounds = turns.run("a scenario", Quantity.STEPS_PER_SECOND, 3);
    Comparison comparison = Objects.requireNonNull(rounds.finding("a", "b", "").against());
    assertEquals(2, comparison.times());
  }
}
