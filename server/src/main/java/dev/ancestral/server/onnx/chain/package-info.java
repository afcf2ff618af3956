/**
 * The reverse chain as an ONNX graph: several universal steps in a loop around the network, so that
 * a state stays on the device between them. Pure: protobuf messages in, protobuf messages out; what
 * runs them is {@link dev.ancestral.server.onnx.OrtDeviceChain}.
 *
 * <p>Start with {@link dev.ancestral.server.onnx.chain.ChainGraph}, whose Javadoc has the graph.
 */
@NullMarked
package dev.ancestral.server.onnx.chain;

import org.jspecify.annotations.NullMarked;
