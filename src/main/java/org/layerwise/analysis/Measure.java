package org.layerwise.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Measures by which layers can be ranked: similarities of a layer's input and output, and importance from gradients.
 * The classes that compute the measures document their definitions and papers.
 */
public enum Measure {
    LINEAR_CKA("cka", "linear CKA", "CKA", 0),
    DEBIASED_CKA("debiased-cka", "debiased linear CKA", "debiased CKA", 0),
    RBF_CKA("rbf-cka", "RBF CKA", "RBF CKA", 0),
    MINIBATCH_CKA("minibatch-cka", "minibatch linear CKA", "minibatch CKA", 0),
    COSINE("cosine", "cosine similarity", "cosine", -1),
    /** Mean cosine over all tokens instead of the kept token alone; the importance is ShortGPT's block influence. */
    BLOCK_INFLUENCE("block-influence", "cosine over all tokens (block influence)", "token cosine", -1),
    PROCRUSTES("procrustes", "orthogonal Procrustes similarity", "Procrustes", 0),
    SVCCA("svcca", "SVCCA", "SVCCA", 0),
    PWCCA("pwcca", "PWCCA", "PWCCA", 0),
    RSA("rsa", "representational similarity analysis", "RSA", -1),
    GRADIENT_NORM("gradient-norm", "gradient norm of the adapted weights", "gradient norm", 0),
    FISHER("fisher", "empirical Fisher information", "Fisher", 0);

    private final String id;
    private final String title;
    private final String shortName;
    private final double lower;

    Measure(String id, String title, String shortName, double lower) {
        this.id = id;
        this.title = title;
        this.shortName = shortName;
        this.lower = lower;
    }

    /** Returns the name in files and on the command line. */
    public String id() {
        return id;
    }

    /** Returns the name for messages and reports. */
    public String title() {
        return title;
    }

    /** Returns the name on an axis. */
    public String shortName() {
        return shortName;
    }

    /**
     * Returns true if the measure compares two hidden states; a measure from gradients has one value per layer only.
     */
    public boolean isSimilarity() {
        return this != GRADIENT_NORM && this != FISHER;
    }

    /** Returns true if the measure is a kind of CKA, the similarity of the public code of the method. */
    public boolean isCka() {
        return switch (this) {
            case LINEAR_CKA, DEBIASED_CKA, RBF_CKA, MINIBATCH_CKA -> true;
            default -> false;
        };
    }

    /**
     * Returns true if the similarity of two hidden states does not depend on their order; otherwise the first one is
     * the row of a matrix, and the second one the column.
     */
    public boolean isSymmetric() {
        return this != PWCCA;
    }

    /**
     * Returns the lower end of the displayed range by default: 0, or -1 for similarities that can be negative. The
     * upper end is 1.
     */
    public double lower() {
        return lower;
    }

    /** Returns the axis title of the importance: 1 minus the similarity, or the measure itself. */
    public String importanceTitle() {
        return isSimilarity() ? "1 − " + shortName : shortName;
    }

    /** Returns the names of all measures, as written in settings. */
    public static List<String> ids() {
        return Arrays.stream(values()).map(Measure::id).toList();
    }

    /** Returns the measure of a name; {@code linear-cka} is a name that earlier versions wrote. */
    public static Optional<Measure> of(String id) {
        String known = id.equals("linear-cka") ? LINEAR_CKA.id : id;
        return Arrays.stream(values())
                .filter(measure -> measure.id.equals(known))
                .findFirst();
    }
}
