"""What a question is about."""

import pytest

from mockcbs.traffic.words.kinds import asks, kind_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("桌面云打不开怎么办", "trouble"),
        ("校园网太慢了", "trouble"),
        ("杯子碎了怎么办", "mishap"),
        ("图书弄坏了", "mishap"),
        ("订单怎么还没到", "mishap"),
        ("食堂在哪里", "where"),
        ("怎么申请桌面云", "how"),
        ("可以开发票吗", "fact"),
        ("我要投诉", "other"),
        ("how do I reset it", "how"),
        ("the upload failed", "trouble"),
        ("not getting notifications", "trouble"),
        ("deleted a file by accident", "mishap"),
        ("credit card expired", "mishap"),
        ("update my email", "other"),
        ("换鼠标", "task"),
        ("想退课", "task"),
        ("外包账号续期", "task"),
        ("加微信领取最新发票优惠", "other"),
        ("退货运费", "other"),
        ("关于登录的问题", "other"),
        ("密码的问题", "other"),
        ("密码有问题", "trouble"),
    ],
)
def test_a_question_has_a_kind(text, kind):
    """Only software that fails counts as trouble; what is lost or broken is a mishap."""
    assert kind_of(text) == kind


def test_a_question_asks():
    """A statement that something is broken asks nothing."""
    assert asks("VPN怎么连")
    assert not asks("VPN断了")
    assert asks("网页版可以吗")
    assert not asks("邮箱，网页版可以")
