package org.layerwise.study.report;

import org.layerwise.base.Citation;

/** Papers that methods paragraphs cite, besides those of measures and optimisers. */
public final class Papers {

    public static final Citation METHOD = new Citation(
            "Ogawa et al., 2026",
            "K. A. Ogawa, B. L. Yamamoto, L. L. de Alcantara, L. Pellicer, R. P. Costa, E. Bollis, A. H. Reali Costa"
                    + " and A. Jordao. Layer-wise LoRA fine-tuning: a similarity metric approach. arXiv:2602.05988,"
                    + " 2026.");

    public static final Citation BOOTSTRAP = new Citation(
            "Efron, 1979",
            "B. Efron. Bootstrap Methods: Another Look at the Jackknife. The Annals of Statistics 7(1):1-26, 1979.");

    public static final Citation LORA = new Citation(
            "Hu et al., 2022",
            "E. J. Hu, Y. Shen, P. Wallis, Z. Allen-Zhu, Y. Li, S. Wang, L. Wang and W. Chen. LoRA: Low-Rank"
                    + " Adaptation of Large Language Models. ICLR 2022. arXiv:2106.09685.");

    public static final Citation RSLORA = new Citation(
            "Kalajdzievski, 2023",
            "D. Kalajdzievski. A Rank Stabilization Scaling Factor for Fine-Tuning with LoRA. arXiv:2312.03732, 2023.");

    public static final Citation DORA = new Citation(
            "Liu et al., 2024",
            "S.-Y. Liu, C.-Y. Wang, H. Yin, P. Molchanov, Y.-C. F. Wang, K.-T. Cheng and M.-H. Chen. DoRA:"
                    + " Weight-Decomposed Low-Rank Adaptation. ICML 2024. arXiv:2402.09353.");

    public static final Citation PISSA = new Citation(
            "Meng et al., 2024",
            "F. Meng, Z. Wang and M. Zhang. PiSSA: Principal Singular Values and Singular Vectors Adaptation of Large"
                    + " Language Models. NeurIPS 2024. arXiv:2404.02948.");

    public static final Citation OLORA = new Citation(
            "Büyükakyüz, 2024",
            "K. Büyükakyüz. OLoRA: Orthonormal Low-Rank Adaptation of Large Language Models. arXiv:2406.01775, 2024.");

    public static final Citation EVA = new Citation(
            "Paischer et al., 2024",
            "F. Paischer, L. Hauzenberger, T. Schmied, B. Alkin, M. P. Deisenroth and S. Hochreiter. One"
                    + " Initialization to Rule them All: Fine-tuning via Explained Variance Adaptation. arXiv:2410.07170,"
                    + " 2024.");

    public static final Citation LORA_GA = new Citation(
            "Wang et al., 2024",
            "S. Wang, L. Yu and J. Li. LoRA-GA: Low-Rank Adaptation with Gradient Approximation. NeurIPS 2024."
                    + " arXiv:2407.05000.");

    public static final Citation MISS = new Citation(
            "Kang and Yin, 2024",
            "J. Kang and Q. Yin. MiSS: Balancing LoRA Performance and Efficiency with Simple Shard Sharing."
                    + " arXiv:2409.15371, 2024.");

    public static final Citation RANDOMISED_SVD = new Citation(
            "Halko et al., 2011",
            "N. Halko, P.-G. Martinsson and J. A. Tropp. Finding Structure with Randomness: Probabilistic Algorithms"
                    + " for Constructing Approximate Matrix Decompositions. SIAM Review 53(2):217-288, 2011."
                    + " arXiv:0909.4061.");

    public static final Citation LORA_PLUS = new Citation(
            "Hayou et al., 2024",
            "S. Hayou, N. Ghosh and B. Yu. LoRA+: Efficient Low Rank Adaptation of Large Models. ICML 2024."
                    + " arXiv:2402.12354.");

    private Papers() {}
}
