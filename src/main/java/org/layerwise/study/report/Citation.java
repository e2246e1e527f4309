package org.layerwise.study.report;

import java.util.List;
import org.layerwise.analysis.Measure;
import org.layerwise.training.OptimiserKind;

/** Papers that the methods paragraph cites. */
public enum Citation {
    METHOD(
            "Ogawa et al., 2026",
            "K. A. Ogawa, B. L. Yamamoto, L. L. de Alcantara, L. Pellicer, R. P. Costa, E. Bollis, A. H. Reali Costa and"
                    + " A. Jordao. Layer-wise LoRA fine-tuning: a similarity metric approach. arXiv:2602.05988, 2026."),
    CKA(
            "Kornblith et al., 2019",
            "S. Kornblith, M. Norouzi, H. Lee and G. Hinton. Similarity of Neural Network Representations Revisited. ICML"
                    + " 2019. arXiv:1905.00414."),
    UNBIASED_HSIC(
            "Song et al., 2012",
            "L. Song, A. Smola, A. Gretton, J. Bedo and K. Borgwardt. Feature Selection via Dependence Maximization. Journal"
                    + " of Machine Learning Research 13:1393-1434, 2012."),
    MINIBATCH_CKA(
            "Nguyen et al., 2021",
            "T. Nguyen, M. Raghu and S. Kornblith. Do Wide and Deep Networks Learn the Same Things? Uncovering How Neural"
                    + " Network Representations Vary with Width and Depth. ICLR 2021. arXiv:2010.15327."),
    ANGULAR(
            "Gromov et al., 2024",
            "A. Gromov, K. Tirumala, H. Shapourian, P. Glorioso and D. A. Roberts. The Unreasonable Ineffectiveness of the"
                    + " Deeper Layers. arXiv:2403.17887, 2024."),
    BLOCK_INFLUENCE(
            "Men et al., 2024",
            "X. Men, M. Xu, Q. Zhang, B. Wang, H. Lin, Y. Lu, X. Han and W. Chen. ShortGPT: Layers in Large Language Models"
                    + " are More Redundant Than You Expect. arXiv:2403.03853, 2024."),
    PROCRUSTES(
            "Ding et al., 2021",
            "F. Ding, J.-S. Denain and J. Steinhardt. Grounding Representation Similarity Through Statistical Testing."
                    + " NeurIPS 2021. arXiv:2108.01661."),
    SVCCA(
            "Raghu et al., 2017",
            "M. Raghu, J. Gilmer, J. Yosinski and J. Sohl-Dickstein. SVCCA: Singular Vector Canonical Correlation Analysis"
                    + " for Deep Learning Dynamics and Interpretability. NIPS 2017. arXiv:1706.05806."),
    PWCCA(
            "Morcos et al., 2018",
            "A. S. Morcos, M. Raghu and S. Bengio. Insights on representational similarity in neural networks with canonical"
                    + " correlation. NeurIPS 2018. arXiv:1806.05759."),
    RSA(
            "Kriegeskorte et al., 2008",
            "N. Kriegeskorte, M. Mur and P. Bandettini. Representational similarity analysis - connecting the branches of"
                    + " systems neuroscience. Frontiers in Systems Neuroscience 2:4, 2008."),
    GRADIENT_PROBE(
            "Saket, 2026",
            "A. Saket. Aletheia: Gradient-Guided Layer Selection for Efficient LoRA Fine-Tuning Across Architectures."
                    + " arXiv:2604.15351, 2026."),
    FISHER(
            "Sung et al., 2021",
            "Y.-L. Sung, V. Nair and C. Raffel. Training Neural Networks with Fixed Sparse Masks. NeurIPS 2021."
                    + " arXiv:2111.09839."),
    BOOTSTRAP(
            "Efron, 1979",
            "B. Efron. Bootstrap Methods: Another Look at the Jackknife. The Annals of Statistics 7(1):1-26, 1979."),
    LORA(
            "Hu et al., 2022",
            "E. J. Hu, Y. Shen, P. Wallis, Z. Allen-Zhu, Y. Li, S. Wang, L. Wang and W. Chen. LoRA: Low-Rank Adaptation of"
                    + " Large Language Models. ICLR 2022. arXiv:2106.09685."),
    RSLORA(
            "Kalajdzievski, 2023",
            "D. Kalajdzievski. A Rank Stabilization Scaling Factor for Fine-Tuning with LoRA. arXiv:2312.03732, 2023."),
    DORA(
            "Liu et al., 2024",
            "S.-Y. Liu, C.-Y. Wang, H. Yin, P. Molchanov, Y.-C. F. Wang, K.-T. Cheng and M.-H. Chen. DoRA: Weight-Decomposed"
                    + " Low-Rank Adaptation. ICML 2024. arXiv:2402.09353."),
    PISSA(
            "Meng et al., 2024",
            "F. Meng, Z. Wang and M. Zhang. PiSSA: Principal Singular Values and Singular Vectors Adaptation of Large"
                    + " Language Models. NeurIPS 2024. arXiv:2404.02948."),
    OLORA(
            "Büyükakyüz, 2024",
            "K. Büyükakyüz. OLoRA: Orthonormal Low-Rank Adaptation of Large Language Models. arXiv:2406.01775, 2024."),
    RANDOMISED_SVD(
            "Halko et al., 2011",
            "N. Halko, P.-G. Martinsson and J. A. Tropp. Finding Structure with Randomness: Probabilistic Algorithms for"
                    + " Constructing Approximate Matrix Decompositions. SIAM Review 53(2):217-288, 2011. arXiv:0909.4061."),
    LORA_PLUS(
            "Hayou et al., 2024",
            "S. Hayou, N. Ghosh and B. Yu. LoRA+: Efficient Low Rank Adaptation of Large Models. ICML 2024."
                    + " arXiv:2402.12354."),
    ADAMW(
            "Loshchilov and Hutter, 2019",
            "I. Loshchilov and F. Hutter. Decoupled Weight Decay Regularization. ICLR 2019. arXiv:1711.05101."),
    LION(
            "Chen et al., 2023",
            "X. Chen, C. Liang, D. Huang, E. Real, K. Wang, H. Pham, X. Dong, T. Luong, C.-J. Hsieh, Y. Lu and Q. V. Le."
                    + " Symbolic Discovery of Optimization Algorithms. NeurIPS 2023. arXiv:2302.06675.");

    private final String shortForm;
    private final String entry;

    Citation(String shortForm, String entry) {
        this.shortForm = shortForm;
        this.entry = entry;
    }

    /** Returns the short form for running text: names and year. */
    public String shortForm() {
        return shortForm;
    }

    /** Returns the entry for a list of references. */
    public String entry() {
        return entry;
    }

    /** Returns the papers that define an optimiser. */
    public static List<Citation> of(OptimiserKind optimiser) {
        return switch (optimiser) {
            case ADAMW -> List.of(ADAMW);
            case LION -> List.of(LION);
        };
    }

    /** Returns the papers that define a measure. */
    public static List<Citation> of(Measure measure) {
        return switch (measure) {
            case LINEAR_CKA, RBF_CKA -> List.of(CKA);
            case DEBIASED_CKA -> List.of(CKA, UNBIASED_HSIC);
            case MINIBATCH_CKA -> List.of(MINIBATCH_CKA);
            case COSINE -> List.of(ANGULAR);
            case BLOCK_INFLUENCE -> List.of(BLOCK_INFLUENCE);
            case PROCRUSTES -> List.of(PROCRUSTES);
            case SVCCA -> List.of(SVCCA);
            case PWCCA -> List.of(PWCCA);
            case RSA -> List.of(RSA);
            case GRADIENT_NORM -> List.of(GRADIENT_PROBE);
            case FISHER -> List.of(FISHER);
        };
    }
}
