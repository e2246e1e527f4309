package org.layerwise.analysis.similarity;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Overlap of nearest neighbours by its definition, with sets. */
final class PlainNeighbours {

    private PlainNeighbours() {}

    static double overlap(double[][] x, double[][] y) {
        return IntStream.range(0, x.length)
                .mapToDouble(example -> {
                    Set<Integer> both = neighbours(x, example);
                    Set<Integer> any = new HashSet<>(both);
                    both.retainAll(neighbours(y, example));
                    any.addAll(neighbours(y, example));
                    return (double) both.size() / any.size();
                })
                .average()
                .orElseThrow();
    }

    private static Set<Integer> neighbours(double[][] x, int example) {
        return IntStream.range(0, x.length)
                .filter(other -> other != example)
                .boxed()
                .sorted(Comparator.comparingDouble(other -> -cosine(x[example], x[other])))
                .limit(10)
                .collect(Collectors.toSet());
    }

    private static double cosine(double[] x, double[] y) {
        double product = 0;
        for (int i = 0; i < x.length; i++) {
            product += x[i] * y[i];
        }
        return product / (Plain.length(x) * Plain.length(y));
    }
}
