"""Which way a metric improves, by names as people give them."""

import pytest

from keras_sonify.training.directions import infer_direction, is_metric_name

_FALLING = """
loss val_loss out_a_loss mae mse rmse mape nll ppl perplexity wer cer error_rate
top5_error kl_divergence brier eer hausdorff cost objective bce xent cross_entropy
logloss mlogloss log_loss bpc bpd bits_per_byte smape nrmse mase l1 l2 huber fid lpips
kid niqe hd95 assd ter ece epe chamfer abs_rel silog nme mcd ctc rmsd crps regret
categorical_generalized_cross_entropy negative_log_likelihood miss_rate dice_loss
davies_bouldin_score train/box_loss normalized_edit_distance fpr95 max_drawdown
wasserstein_distance reconstruction_error neg_elbo
"""
_RISING = """
mAP mAP_0.5:0.95 metrics/mAP50-95(B) bbox_mAP_50 AP50 mIoU mean_io_u fwIoU dice
dice_coef dsc jaccard mAcc aAcc psnr ssim bleu BLEU-4 rouge1 rougeL auc auroc prc f1 mcc
kappa ndcg@10 mrr recall@20 acc@1 r2 R-squared r_square reward score cosine_similarity
elbo log_likelihood corr pearsonr spearmanr explained_variance top1 top5 top-1 hits@10
hit_rate hit_ratio snr sdr si_sdr pesq stoi mos sacrebleu chrf meteor cider exact_match
em aupr gini ks qwk matthews_corrcoef return episode_return rollout/ep_rew_mean
success_rate win_rate fps throughput tversky c_index pck oks nmi ari sharpe profit
distance_accuracy neg_mean_squared_error neg_log_loss negative_predictive_value
eval/success_rate accuracy/top1 top_5_accuracy silhouette_score
"""
_NEITHER = """
entropy_loss policy_gradient_loss approx_kl target_kl loss_scale kl_weight kld_weight
lambda_penalty loss_ratio kl_coef lr learning_rate grad_norm l2_norm time memory epoch
step temperature momentum clip_fraction std top_layer
"""


@pytest.mark.parametrize(
    ("names", "direction"),
    [(_FALLING, "min"), (_RISING, "max"), (_NEITHER, None)],
)
@pytest.mark.parametrize("side", ["", "val_"])
def test_a_name_tells_which_way_it_improves(
    names: str, direction: str | None, side: str
) -> None:
    """What only measures or sets a loss, none of it is taken for one."""
    told = {name: infer_direction(f"{side}{name}") for name in names.split()}

    assert told == dict.fromkeys(names.split(), direction)


@pytest.mark.parametrize("word", ["return", "success", "objective", "Returns", "line"])
def test_an_everyday_word_is_no_metric_in_prose(word: str) -> None:
    """`return 0` in a program's output tells of no training."""
    assert not is_metric_name(word)
    assert is_metric_name(f"{word}_loss")
