package org.layerwise.model.quantization;

import java.util.List;
import org.layerwise.checkpoint.Checkpoint;

/** Layout of quantised weights in the files of a checkpoint. */
@FunctionalInterface
interface QuantizationFormat {

    /**
     * Returns all tensors of a checkpoint that are stored in this format.
     *
     * @throws org.layerwise.base.UserException if a part of one is missing, or its type, its shape or a value is not possible
     */
    List<QuantizedTensor> find(Checkpoint checkpoint);
}
