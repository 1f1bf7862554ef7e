"""The menu of commands that Telegram shows beside the input, in each person's language."""

from __future__ import annotations

from collections.abc import Mapping

from aiogram import Bot
from aiogram.methods import SetMyCommands
from aiogram.types import BotCommand

from botcore_telegram.sending import SECONDS

COMMANDS = (
    "start", "help", "status", "history", "cancel", "code", "quality", "aspect", "provider", "forget",
)  # fmt: skip

DEFAULT = "en"

MENU: Mapping[str, tuple[str, ...]] = {
    "en": (
        "What this bot does",
        "Everything you can send",
        "How far your video is",
        "Your last videos",
        "Stop a video that is on the way",
        "The code of your last video",
        "Choose the quality",
        "Choose the shape of the picture",
        "Choose who writes the videos",
        "Delete everything about you",
    ),
    "es": (
        "Qué hace este bot",
        "Todo lo que puedes enviar",
        "Cómo va tu vídeo",
        "Tus últimos vídeos",
        "Detener un vídeo en curso",
        "El código de tu último vídeo",
        "Elegir la calidad",
        "Elegir la forma de la imagen",
        "Elegir quién escribe los vídeos",
        "Borrar todo lo que hay sobre ti",
    ),
    "ar": (
        "ماذا يفعل هذا البوت",
        "كل ما يمكنك إرساله",
        "إلى أين وصل الفيديو",
        "آخر فيديوهاتك",
        "إيقاف فيديو قيد الإعداد",
        "شيفرة آخر فيديو لك",
        "اختيار الجودة",
        "اختيار شكل الصورة",
        "اختيار من يكتب الفيديوهات",
        "حذف كل ما يخصك",
    ),
    "hi": (
        "यह बॉट क्या करता है",
        "आप क्या-क्या भेज सकते हैं",
        "आपका वीडियो कहाँ तक पहुँचा",
        "आपके पिछले वीडियो",
        "बन रहे वीडियो को रोकें",
        "आपके पिछले वीडियो का कोड",
        "गुणवत्ता चुनें",
        "चित्र का आकार चुनें",
        "वीडियो कौन लिखे, यह चुनें",
        "आपके बारे में सब कुछ मिटाएँ",
    ),
    "pt": (
        "O que este bot faz",
        "Tudo o que você pode enviar",
        "Como está o seu vídeo",
        "Seus últimos vídeos",
        "Parar um vídeo em andamento",
        "O código do seu último vídeo",
        "Escolher a qualidade",
        "Escolher o formato da imagem",
        "Escolher quem escreve os vídeos",
        "Apagar tudo sobre você",
    ),
    "ru": (
        "Что умеет этот бот",
        "Что можно прислать",
        "Как продвигается видео",
        "Ваши последние видео",
        "Остановить видео в работе",
        "Код вашего последнего видео",
        "Выбрать качество",
        "Выбрать форму кадра",
        "Выбрать, кто пишет видео",
        "Удалить всё о вас",
    ),
}
"""For each command, what it is for."""


async def show_menu(bot: Bot) -> None:
    """Set the menu in every language; English is what everybody else sees. Raises aiogram's errors."""
    for language, descriptions in MENU.items():
        commands = [
            BotCommand(command=name, description=text)
            for name, text in zip(COMMANDS, descriptions, strict=True)
        ]
        code = None if language == DEFAULT else language
        await bot(SetMyCommands(commands=commands, language_code=code), request_timeout=round(SECONDS))
