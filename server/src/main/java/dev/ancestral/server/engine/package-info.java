/**
 * Continuous batching of reverse chains: rows of different requests, timesteps, samplers and step
 * counts share each call of the network.
 *
 * <p>Deciding, locking and running are three classes: {@link
 * dev.ancestral.server.engine.BatchPlanner} decides which rows run (no thread, no clock) by a
 * {@link dev.ancestral.server.engine.BatchingPolicy} and what a call costs, {@link
 * dev.ancestral.server.engine.Admission} is the one place where threads meet, {@link
 * dev.ancestral.server.engine.Engine} is the one thread that runs. Start with {@code Engine.loop}.
 *
 * <p>Thread ownership: everything but {@code Admission}, {@code Ticket} and {@code
 * Cohort.cancelled} belongs to the engine's thread, which also closes the {@link
 * dev.ancestral.server.engine.Denoiser}. {@link dev.ancestral.server.engine.SampleListener}s are
 * called on that thread and must not block it.
 *
 * <p>What may not live here: gRPC, ONNX Runtime, encodings. Time comes from a {@link
 * dev.ancestral.server.engine.Ticker}, and decides nothing.
 */
@NullMarked
package dev.ancestral.server.engine;

import org.jspecify.annotations.NullMarked;
