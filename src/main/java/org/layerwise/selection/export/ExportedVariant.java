package org.layerwise.selection.export;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/**
 * Variant of LoRA.
 *
 * @param dora weight-decomposed: the magnitude of the weight's rows is also trained (Liu et al. 2024, arXiv 2402.09353)
 * @param rslora the update is scaled by alpha / sqrt(r) (Kalajdzievski 2023, arXiv 2312.03732)
 * @param pissa adapters start as the principal part of the weight, which is subtracted from the weight (Meng et al.
 *     2024, arXiv 2404.02948)
 * @param pissaIterations subspace iterations of a fast singular value decomposition for PiSSA; null for the exact
 *     decomposition
 */
public record ExportedVariant(boolean dora, boolean rslora, boolean pissa, @Nullable Integer pissaIterations) {

    /** LoRA as originally published (Hu et al. 2021, arXiv 2106.09685). */
    public static final ExportedVariant LORA = new ExportedVariant(false, false, false, null);

    /** @throws UserException if the number of iterations is negative */
    public ExportedVariant {
        if (pissaIterations != null && pissaIterations < 0) {
            throw new UserException(
                    "PiSSA cannot take %s iterations; 0 or more are expected.".formatted(pissaIterations));
        }
        pissaIterations = pissa ? pissaIterations : null;
    }

    /** Returns the value of PEFT's {@code init_lora_weights} for PiSSA. */
    String pissaWord() {
        return pissaIterations == null ? "pissa" : "pissa_niter_" + pissaIterations;
    }
}
