package org.layerwise.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Circles of top-level classes that reach each other: the strongly connected components, by Tarjan's algorithm. */
final class ClassCircles {

    private final Map<String, Set<String>> uses;
    private final Map<String, Integer> index = new HashMap<>();
    private final Map<String, Integer> low = new HashMap<>();
    private final Deque<String> open = new ArrayDeque<>();
    private final List<Set<String>> circles = new ArrayList<>();

    private ClassCircles(Map<String, Set<String>> uses) {
        this.uses = uses;
    }

    /**
     * Returns the circles with more than a number of classes. The uses of subtypes by the type that lists them do not
     * count: a family is one thing.
     */
    static List<Set<String>> of(JavaClasses classes, int most) {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass type : classes) {
            Set<String> used = uses.computeIfAbsent(top(type), name -> new TreeSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target = top(dependency.getTargetClass().getBaseComponentType());
                if (target.startsWith("org.layerwise.")
                        && !target.equals(top(type))
                        && !dependency.getTargetClass().isAssignableTo(type.getName())) {
                    used.add(target);
                }
            }
        }
        ClassCircles found = new ClassCircles(uses);
        uses.keySet().forEach(found::visit);
        return found.circles.stream().filter(circle -> circle.size() > most).toList();
    }

    private static String top(JavaClass type) {
        return type.getName().replaceAll("\\$.*", "");
    }

    private void visit(String type) {
        if (index.containsKey(type)) {
            return;
        }
        index.put(type, index.size());
        low.put(type, index.get(type));
        open.push(type);
        for (String next : uses.getOrDefault(type, Set.of())) {
            if (!index.containsKey(next)) {
                visit(next);
                low.merge(type, low.get(next), Math::min);
            } else if (open.contains(next)) {
                low.merge(type, index.get(next), Math::min);
            }
        }
        if (low.get(type).equals(index.get(type))) {
            Set<String> circle = new TreeSet<>();
            String member;
            do {
                member = open.pop();
                circle.add(member);
            } while (!member.equals(type));
            circles.add(circle);
        }
    }
}
