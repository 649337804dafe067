"""Which way a metric improves, by the words of its name.

Keras knows it for its own metric objects only (their private `_direction`), and raises
for every other name.
"""

import re
from functools import lru_cache
from typing import Literal

from keras_sonify.training.names import NAMES, family_of

Direction = Literal["min", "max"]

_FALLING = frozenset(
    """
    loss losses cost objective energy regret
    error err mse mae mape msle rmse rmsle smape wape wmape mspe nmse nrmse mase mdape
    sse rae rse rrse rmsd mad residual residuals recon reconstruction
    discrepancy
    crossentropy xent bce ce logloss mlogloss hinge cosh logcosh huber pinball crps
    focal triplet ctc nll nlpd perplexity ppl bpc bpd bpb kl kld divergence jsd mmd
    poisson deviance aic bic brier ece mce eer wer cer ter fpr fnr far frr false
    l1 l2 distance hausdorff hd95 assd asd levenshtein dtw chamfer emd wasserstein
    epe nme mcd silog fid kid lpips niqe brisque penalty penalties drawdown violations
    """.split(),  # noqa: SIM905 - a hundred words read better than as many strings
)
_RISING = frozenset(
    """
    acc accuracy auc auroc auprc aupr prc precision recall sensitivity specificity ppv
    npv f1 f2 fbeta fscore fmeasure gmean score iou miou fwiou jaccard tversky dice dsc
    pq pck oks mota idf1 hota map ap mar ndcg mrr hits hit true tpr tnr topk r2 rsquared
    similarity corr correlation corrcoef pearson pearsonr spearman spearmanr kendalltau
    concordance ccc kappa qwk mcc matthews gini ks auuc qini nmi ari ami purity
    silhouette modularity homogeneity completeness
    psnr ssim vmaf snr sdr sisdr sisnr pesq stoi mos bleu sacrebleu rouge meteor cider
    spice chrf bertscore em lddt elbo loglik reward rew return returns success win
    winrate profit sharpe sortino fitness fps throughput
    """.split(),  # noqa: SIM905
)
# What several words say, of a name in lower case with `_` between its words.
_FALLING_PHRASES = re.compile(
    r"cross_entropy|log_loss|bits_per|abs_rel|sq_rel|miss_rate|davies_bouldin"
    r"|absolute_deviation|edit_distance"
)
_RISING_PHRASES = re.compile(
    r"(?<![a-z])top_?\d+|(?<![a-z])r_?squared?(?![a-z])|likelihood|log_?prob"
    r"|explained_var|exact_match|c_index|(?<![a-z])si_s[dn]r|v_measure|predictive_value"
)
# What measures or sets a loss is none, though it is called after one.
_OF_LOSSES = re.compile(r"^lambda_|_(?:scale|scaler|weights?|norm|lambda)$")
_OF_FALLING = re.compile(
    r"_(?:ratio|coef|coeff|coefficient|beta)$|(?:approx|target)_kl$"
    r"|(?:^|_)(?:entropy|policy_gradient|pg)_loss$"
)
# What a rising word at the end says goes before what stands in front of it.
_LAST_RISING = re.compile(r"(?:^|_)(?:acc|accuracy|precision|recall|auc|f1)(?:_\d+)?$")
# scikit-learn's scorers, and `neg_log_likelihood`.
_NEGATIVE = re.compile(
    r"^n(?:eg|egative)_(?=mean|median|root|max|log|brier|likelihood|elbo|cosine|reward)"
)
# With one of these alone a line may be anything: `return 0`, `top 5`.
_EVERYDAY = frozenset(
    """
    return returns hits hit success win profit em ks mar far mad ce spice energy
    objective ter mos oks ari completeness
    """.split()  # noqa: SIM905
)


@lru_cache(maxsize=NAMES)
def infer_direction(name: str) -> Direction | None:
    """Guess from its name which way a metric improves; `None` where that is unclear.

    Falling words win over rising ones, a `dice_loss` is a loss, but for those that end
    a name: a `distance_accuracy` is one.

    >>> infer_direction("val_out_a_loss"), infer_direction("AUC_1")
    ('min', 'max')
    >>> infer_direction("cosine_similarity"), infer_direction("learning_rate")
    ('max', None)
    >>> infer_direction("neg_mean_squared_error"), infer_direction("kl_weight")
    ('max', None)
    """
    plain, words = _read(name)
    rest = _NEGATIVE.sub("", plain)
    found = _of(rest, words)
    if found is None or rest == plain:
        return found
    return "max" if found == "min" else "min"


def is_metric_name(name: str) -> bool:
    """Whether a name alone says that a number beside it is a metric's.

    >>> is_metric_name("val_loss"), is_metric_name("return"), is_metric_name("Line")
    (True, False, False)
    """
    return infer_direction(name) is not None and name.lower() not in _EVERYDAY


def _of(plain: str, words: set[str]) -> Direction | None:
    if _OF_LOSSES.search(plain):
        return None
    if _LAST_RISING.search(plain):
        return "max"
    if words & _FALLING or _FALLING_PHRASES.search(plain):
        return None if _OF_FALLING.search(plain) else "min"
    if words & _RISING or _RISING_PHRASES.search(plain):
        return "max"
    return None


def _read(name: str) -> tuple[str, set[str]]:
    """Return a name in one way of writing, and its words, with and without digits."""
    # Keras writes the class MeanIoU as mean_io_u.
    spaced = re.sub(r"io_?u(?![a-z])", "_iou_", family_of(name))
    words = [word for word in re.split(r"[^a-z0-9]+", spaced) if word]
    bare = {word.rstrip("0123456789") for word in words}
    return "_".join(words), {*words, *bare}
