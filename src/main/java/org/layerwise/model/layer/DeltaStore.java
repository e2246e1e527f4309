package org.layerwise.model.layer;

import org.layerwise.model.config.DeltaNetConfig;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/** State of a gated delta network after the computed tokens of each row, whose size does not depend on their number. */
final class DeltaStore implements LayerStore {

    /**
     * State of some rows.
     *
     * @param tokens inputs of the convolution for the last tokens, {@code [rows, channels, kernel - 1]}
     * @param matrix S, {@code [rows, value heads, keys, values]}, float32
     */
    record State(Tensor tokens, Tensor matrix) {}

    private final TensorEngine engine;
    private State state;
    private TensorOwner owner;

    DeltaStore(TensorEngine engine, DeltaNetConfig shape, Device device, DType type, int rows) {
        this.engine = engine;
        this.owner = engine.owner();
        try (Scope scope = engine.inference()) {
            this.state = adopted(
                    owner,
                    new State(
                            engine.zeros(type, device, rows, shape.channels(), shape.kernel() - 1),
                            engine.zeros(
                                    DType.F32, device, rows, shape.valueHeads(), shape.keySize(), shape.valueSize())));
        }
    }

    /** Returns the number of bytes of the state of one row. */
    static long bytes(DeltaNetConfig shape, DType type) {
        return (long) shape.channels() * (shape.kernel() - 1) * type.bytes()
                + (long) shape.valueHeads() * shape.keySize() * shape.valueSize() * DType.F32.bytes();
    }

    /** Returns the state of all rows. */
    State all() {
        return state;
    }

    /** Returns the state of rows from an index on. */
    State rows(int first, long count) {
        return new State(
                state.tokens().slice(0, first, first + count), state.matrix().slice(0, first, first + count));
    }

    /** Writes the state of rows from an index on. */
    void put(int firstRow, State after) {
        State own = rows(firstRow, after.matrix().size(0));
        own.tokens().assign(after.tokens());
        own.matrix().assign(after.matrix());
    }

    @Override
    public void keep(Tensor rows) {
        State kept =
                new State(state.tokens().indexSelect(0, rows), state.matrix().indexSelect(0, rows));
        TensorOwner before = owner;
        owner = engine.owner();
        state = adopted(owner, kept);
        before.close();
    }

    private static State adopted(TensorOwner owner, State state) {
        return new State(owner.adopt(state.tokens()), owner.adopt(state.matrix()));
    }

    @Override
    public void close() {
        owner.close();
    }
}
