package org.layerwise.model.quantization;

import java.util.List;
import java.util.Locale;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsWriter.Named;
import org.layerwise.tensor.TensorEngine;

/** Form of bitsandbytes into which the matrices of a model are packed when it is opened. */
public enum WeightQuantization {
    /** Leaves them as they are. */
    NONE,
    /** 4 bits, a scale for each 64 values. */
    NF4,
    /** 4 bits, with scales of 8 bits. */
    NF4_DOUBLE,
    /** 8 bits, a scale for each row. */
    INT8;

    /** Returns the value in settings: {@code none}, {@code nf4}, {@code nf4-double}, {@code int8}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the size in bytes of a packed matrix, with its scales and the tables of the values of its codes. */
    public long bytes(long rows, long columns) {
        return switch (this) {
            case NONE -> throw new IllegalArgumentException("not packed");
            case NF4 -> BlockwiseQuantizer.bytes(rows * columns, false);
            case NF4_DOUBLE -> BlockwiseQuantizer.bytes(rows * columns, true);
            case INT8 -> rows * columns + rows * Float.BYTES;
        };
    }

    /** Returns the {@code quantization_config} of a checkpoint that is packed in this form. */
    public String config() {
        return this == INT8
                ? "{\"quant_method\": \"bitsandbytes\", \"load_in_8bit\": true}"
                : """
                {"quant_method": "bitsandbytes", "load_in_4bit": true, "bnb_4bit_quant_type": "nf4",
                "bnb_4bit_use_double_quant": %s}"""
                        .formatted(this == NF4_DOUBLE);
    }

    /**
     * Packs a stored matrix. Its scales are computed now, its codes when they are written.
     *
     * @param name name of the matrix in the files, ending in {@code .weight}
     * @return the tensors with which bitsandbytes stores it
     * @throws UserException if a value of the matrix is not finite
     */
    public List<Named> quantize(TensorEngine engine, Checkpoint checkpoint, String name, Progress progress) {
        StoredMatrix matrix = new StoredMatrix(checkpoint, checkpoint.entry(name), this == INT8, progress);
        return switch (this) {
            case NONE -> throw new IllegalArgumentException("nothing to pack into");
            case NF4 -> new BlockwiseQuantizer(matrix).pack();
            case NF4_DOUBLE -> new BlockwiseQuantizer(matrix).packDoubly(engine);
            case INT8 -> new RowwiseQuantizer(matrix).pack();
        };
    }
}
