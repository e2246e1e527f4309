package org.layerwise.lora;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.layerwise.base.Limits;
import org.layerwise.base.UserException;

/**
 * Low-rank adaptation (Hu et al., arXiv 2106.09685) of linear modules: {@code W' = W + (alpha / r) B A}, and its
 * variants.
 *
 * @param rank r
 * @param alpha numerator of the scale; r for MiSS, which has no scale
 * @param dropout dropout probability on the adapter's input during training
 * @param targetModules names of the modules, as {@link org.layerwise.model.TargetModules} reads them
 * @param layers 0-based layers that get adapters
 * @param variant difference of the adapters from plain LoRA
 * @param bias biases that are also trained
 * @param rankPattern ranks of modules other than r, by a name or regular expression as PEFT matches them
 * @param alphaPattern values of alpha of modules, by a name or regular expression as PEFT matches them
 * @param modulesToSave modules that are trained in full in addition to those that always are
 * @param details settings that few adapters use
 */
public record LoraConfig(
        int rank,
        double alpha,
        double dropout,
        List<String> targetModules,
        SortedSet<Integer> layers,
        LoraVariant variant,
        Bias bias,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern,
        List<String> modulesToSave,
        AdvancedLoraConfig details) {

    public LoraConfig {
        if (rank < 1) {
            throw new UserException("The rank r must be at least 1, not %s.".formatted(rank));
        }
        Limits.aboveZeroWithinReason("alpha", alpha);
        alphaPattern.forEach((name, other) -> Limits.aboveZeroWithinReason("alpha of " + name, other));
        if (variant.sharded()) {
            alpha = rank; // the update has no scale
            requireMiss(bias, rankPattern, alphaPattern, details.biasOnB(), details.targetParameters());
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new UserException("The LoRA dropout must be from 0 to below 1, not %s.".formatted(dropout));
        }
        if (layers.isEmpty() && !details.everyLayer()
                || targetModules.isEmpty() && details.targetParameters().isEmpty()) {
            throw new UserException("LoRA needs at least one layer and one target module; select some.");
        }
        targetModules = List.copyOf(targetModules);
        layers = Collections.unmodifiableSortedSet(new TreeSet<>(layers));
        rankPattern = Collections.unmodifiableMap(new LinkedHashMap<>(rankPattern));
        alphaPattern = Collections.unmodifiableMap(new LinkedHashMap<>(alphaPattern));
        modulesToSave = List.copyOf(modulesToSave);
    }

    /**
     * Requires settings that PEFT has for MiSS, which saves no biases and has one rank for all modules.
     *
     * @param biasOnB true if B has a bias
     * @param experts weights of experts that get adapters
     * @throws UserException if MiSS lacks a setting, which the message names
     */
    static void requireMiss(
            Bias bias,
            Map<String, Integer> ranks,
            Map<String, Double> alphas,
            boolean biasOnB,
            Collection<String> experts) {
        if (bias != Bias.NONE || biasOnB) {
            throw new UserException("PEFT saves no biases with MiSS; set bias to none.");
        }
        if (!ranks.isEmpty() || !alphas.isEmpty()) {
            throw new UserException(
                    "MiSS has one rank for all modules and no alpha; leave out ranks and alphas by module.");
        }
        if (!experts.isEmpty()) {
            throw new UserException(
                    "PEFT has no MiSS on experts; choose another variant, or leave out target parameters.");
        }
    }

    /**
     * Returns this configuration with its target modules in an order; PEFT, which keeps them as a set, writes them in
     * any order.
     *
     * @param order names of target modules in their order; all other names come last
     */
    public LoraConfig ordered(List<String> order) {
        List<String> sorted = targetModules.stream()
                .sorted(Comparator.comparingInt(name -> order.contains(name) ? order.indexOf(name) : Integer.MAX_VALUE))
                .toList();
        return with(dropout, sorted, variant, details);
    }

    /** Returns the factor of {@code B A} for a rank and an alpha. */
    double scale(int ranks, double numerator) {
        return variant.rankStabilised() ? numerator / Math.sqrt(ranks) : numerator / ranks;
    }

    /** Returns the alpha with which a rank has the scale of this rank and alpha. */
    public double alphaOfScale(int other) {
        return variant.alpha(alpha, rank, other);
    }

    LoraConfig withDropout(double other) {
        return with(other, targetModules, variant, details);
    }

    LoraConfig withVariant(LoraVariant other) {
        return with(dropout, targetModules, other, details);
    }

    LoraConfig withDetails(AdvancedLoraConfig other) {
        return with(dropout, targetModules, variant, other);
    }

    LoraConfig withTargets(List<String> other) {
        return with(dropout, other, variant, details);
    }

    LoraConfig withLayers(SortedSet<Integer> other) {
        return new LoraConfig(
                rank,
                alpha,
                dropout,
                targetModules,
                other,
                variant,
                bias,
                rankPattern,
                alphaPattern,
                modulesToSave,
                details);
    }

    private LoraConfig with(
            double otherDropout, List<String> targets, LoraVariant otherVariant, AdvancedLoraConfig otherDetails) {
        return new LoraConfig(
                rank,
                alpha,
                otherDropout,
                targets,
                layers,
                otherVariant,
                bias,
                rankPattern,
                alphaPattern,
                modulesToSave,
                otherDetails);
    }

    LoraConfig withSizes(int otherRank, double otherAlpha, Map<String, Integer> ranks, Map<String, Double> alphas) {
        return new LoraConfig(
                otherRank,
                otherAlpha,
                dropout,
                targetModules,
                layers,
                variant,
                bias,
                ranks,
                alphas,
                modulesToSave,
                details);
    }
}
