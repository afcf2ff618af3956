/**
 * What is measured, one file a scenario.
 *
 * <p>{@link dev.ancestral.bench.scenario.Scenarios} is the list; a {@link
 * dev.ancestral.bench.scenario.Lab} has the servers, the baselines and the lengths of time. A
 * scenario measures its contestants in turns and leaves findings; every wait in it has an end.
 */
@NullMarked
package dev.ancestral.bench.scenario;

import org.jspecify.annotations.NullMarked;
