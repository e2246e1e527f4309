package org.layerwise.analysis.uncertainty;

import com.fasterxml.jackson.annotation.JsonValue;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.RbfCka;

/** Estimator of a 95 % interval of importance, which determines the value that the interval covers. */
public enum IntervalKind {

    /** Quantiles of the measure itself over the replicates, for measures that do not depend on the number of rows. */
    PERCENTILE(
            "percentile",
            "many rows",
            "The 95 % interval is for the value of all the rows that these are a random sample of."),

    /** Quantiles of the debiased form of the measure over the same replicates, for measures that few rows bias. */
    DEBIASED(
            "debiased",
            "many rows",
            "The 95 % interval is for the value of all the rows that these are a random sample of. Few rows make this importance"
                    + " too low; the interval corrects that, so it may lie above the importance shown."),

    /** Quantiles of a measure that few rows bias, as written by earlier versions. */
    UNCORRECTED(
            "uncorrected",
            "these rows only",
            "The interval is one of an earlier version: it shows how much the importance varies at this number of rows, but not"
                    + " that few rows make it too low, so it often misses the value of all rows. Analyze again for"
                    + " one that corrects that.");

    private final String id;
    private final String scope;
    private final String note;

    IntervalKind(String id, String scope, String note) {
        this.id = id;
        this.scope = scope;
        this.note = note;
    }

    /** Returns the kind of interval of a measure: {@link #DEBIASED} for linear and RBF CKA. */
    public static IntervalKind of(Measure measure) {
        return measure == LinearCka.MEASURE || measure == RbfCka.MEASURE ? DEBIASED : PERCENTILE;
    }

    /** Returns the kind of interval in a file that names none, since an earlier version wrote it. */
    public static IntervalKind earlier(Measure measure) {
        return of(measure) == DEBIASED ? UNCORRECTED : PERCENTILE;
    }

    /** Returns the name in files. */
    @JsonValue
    public String id() {
        return id;
    }

    /** Returns the rows to which the interval refers, in two or three words for a legend. */
    public String scope() {
        return scope;
    }

    /** Returns one or two sentences on the values that the interval covers, to be shown with it. */
    public String note() {
        return note;
    }
}
