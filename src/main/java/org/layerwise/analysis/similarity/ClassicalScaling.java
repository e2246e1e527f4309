package org.layerwise.analysis.similarity;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Classical multidimensional scaling (Torgerson, Multidimensional scaling: I. Theory and method, Psychometrika 17, 1952): points whose
 * Euclidean distances approach given distances D. With {@code B = -1/2 H (D * D) H}, where {@code *} is by element and H subtracts the
 * mean, the coordinates are the eigenvectors of B with the largest eigenvalues, times the roots of these. Distances of points
 * in a plane are recovered exactly.
 *
 * @param points coordinates {@code [n][2]}. The first axis has the largest variance and runs from the first point to the last; on
 *     the second axis, the point furthest from the middle is above it
 * @param share sum of the two eigenvalues divided by the sum of the absolute values of all: the share of the squared distances that two
 *     dimensions keep, 0 to 1; 1 if all distances are 0
 */
public record ClassicalScaling(List<double[]> points, double share) {

    private static final int DIMENSIONS = 2;
    private static final int MOST_SWEEPS = 100;
    private static final double ROUNDING = 1e-30;

    /** Eigenvalues, and their vectors as columns {@code [n][n]}. */
    private record Eigen(double[] values, double[][] vectors) {}

    /**
     * Places points in a plane.
     *
     * @param distances {@code [n][n]}, symmetric, not negative, finite, with zeros on the diagonal; n is at least 1
     * @throws IllegalArgumentException if the matrix is not square or not symmetric, or has a value that is no distance
     */
    public static ClassicalScaling of(double[][] distances) {
        requireDistances(distances);
        int n = distances.length;
        Eigen eigen = eigen(centredProducts(distances));
        Integer[] order = IntStream.range(0, n).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> -eigen.values[i]));
        double[][] points = new double[n][DIMENSIONS];
        double kept = 0;
        for (int axis = 0; axis < Math.min(DIMENSIONS, n); axis++) {
            int vector = order[axis];
            double length = Math.sqrt(Math.max(0, eigen.values[vector]));
            kept += Math.max(0, eigen.values[vector]);
            for (int i = 0; i < n; i++) {
                points[i][axis] = length * eigen.vectors[i][vector];
            }
            orient(points, axis);
        }
        double all = Arrays.stream(eigen.values).map(Math::abs).sum();
        return new ClassicalScaling(List.of(points), all == 0 ? 1 : Math.min(1, kept / all));
    }

    private static void requireDistances(double[][] distances) {
        int n = distances.length;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (distances[i].length != n
                        || !(distances[i][j] >= 0)
                        || !Double.isFinite(distances[i][j])
                        || distances[i][j] != distances[j][i]
                        || i == j && distances[i][j] != 0) {
                    throw new IllegalArgumentException("no distance of points %s and %s".formatted(i, j));
                }
            }
        }
    }

    private static double[][] centredProducts(double[][] distances) {
        int n = distances.length;
        double[] means = new double[n];
        double all = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                means[i] += distances[i][j] * distances[i][j] / n;
            }
            all += means[i] / n;
        }
        double[][] products = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                products[i][j] = -0.5 * (distances[i][j] * distances[i][j] - means[i] - means[j] + all);
            }
        }
        return products;
    }

    /** Decomposes a symmetric matrix, which is overwritten, by cyclic Jacobi rotations. */
    private static Eigen eigen(double[][] a) {
        int n = a.length;
        double[][] vectors = new double[n][n];
        for (int i = 0; i < n; i++) {
            vectors[i][i] = 1;
        }
        for (int sweep = 0; sweep < MOST_SWEEPS && offDiagonal(a) > ROUNDING * diagonal(a); sweep++) {
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    if (a[p][q] != 0) {
                        rotate(a, vectors, p, q);
                    }
                }
            }
        }
        return new Eigen(IntStream.range(0, n).mapToDouble(i -> a[i][i]).toArray(), vectors);
    }

    /** Rotates rows and columns p and q so that the element between them is 0. */
    private static void rotate(double[][] a, double[][] vectors, int p, int q) {
        double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        for (double[] row : a) {
            turn(row, p, q, c, s);
        }
        for (int k = 0; k < a.length; k++) {
            double first = a[p][k];
            double second = a[q][k];
            a[p][k] = c * first - s * second;
            a[q][k] = s * first + c * second;
        }
        for (double[] row : vectors) {
            turn(row, p, q, c, s);
        }
    }

    private static void turn(double[] row, int p, int q, double c, double s) {
        double first = row[p];
        double second = row[q];
        row[p] = c * first - s * second;
        row[q] = s * first + c * second;
    }

    private static double offDiagonal(double[][] a) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < i; j++) {
                sum += 2 * a[i][j] * a[i][j];
            }
        }
        return sum;
    }

    private static double diagonal(double[][] a) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i][i] * a[i][i]).sum();
    }

    /** Chooses the sign of an axis, which the distances leave open. */
    private static void orient(double[][] points, int axis) {
        double direction = axis == 0
                ? points[points.length - 1][0] - points[0][0]
                : Arrays.stream(points)
                        .mapToDouble(point -> point[axis])
                        .boxed()
                        .max(Comparator.comparingDouble(Math::abs))
                        .orElse(0.0);
        if (direction < 0) {
            for (double[] point : points) {
                point[axis] = 0 - point[axis];
            }
        }
    }
}
