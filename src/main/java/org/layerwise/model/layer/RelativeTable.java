package org.layerwise.model.layer;

import org.layerwise.tensor.Tensor;

/**
 * DeBERTa's table of relative positions, which all layers share.
 *
 * @param table {@code [2 span, hidden]}
 * @param norm normalisation still to be applied; {@link Norm.Identity} if the table needs none or is normalised already
 */
public record RelativeTable(Tensor table, Norm norm) {

    /** Returns {@code [1, 2 span, hidden]}, the input of the maps of positions. */
    Tensor vectors() {
        return norm.apply(table).reshape(1, table.size(0), table.size(1));
    }
}
