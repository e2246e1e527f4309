package org.layerwise.model.layer;

import org.layerwise.tensor.Tensor;

/**
 * DeBERTa's table of relative positions, which all layers share.
 *
 * @param table {@code [2 span, hidden]}
 * @param norm what is still to be done to it; none where that was done once and for all
 */
public record RelativeTable(Tensor table, Norm norm) {

    /** {@code [1, 2 span, hidden]}, ready to be mapped. */
    Tensor vectors() {
        return norm.apply(table).reshape(1, table.size(0), table.size(1));
    }
}
